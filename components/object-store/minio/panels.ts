import { inNamespace } from "../../dashboards/selectors";
import { metrics, number } from "../../dashboards/spec";
import type { CrossPanels } from "../../contracts/system";
import { NAMESPACE } from "./names";

const used = `max(minio_cluster_usage_total_bytes{${inNamespace(NAMESPACE)}})`;
const before = `max(minio_cluster_usage_total_bytes{${inNamespace(NAMESPACE)}} offset 1d)`;

export const minioPanels: CrossPanels = {
    cost: [
        number({
            title: "In the object store",
            description:
                "Bytes of all blocks and chunks, before the copies of erasure coding. Counted every few hours.",
            unit: "bytes",
            queries: [metrics("bytes", used)],
        }),
        number({
            title: "Growth, last day",
            description:
                "What was added less what retention removed. Once the oldest data are as old as the retention it should be near 0; else see whether compactors run.",
            unit: "bytes",
            queries: [metrics("bytes", `${used} - ${before}`)],
        }),
    ],
};
