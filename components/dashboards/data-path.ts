import { logsPath } from "./data-path/logs";
import { metricsPath } from "./data-path/metrics";
import { tracesPath } from "./data-path/traces";
import type { Dashboard } from "./spec";

/** Each signal from the application to the object store: what a hop takes, what it drops, retries and queues. */
export function dataPath(): Dashboard {
    return {
        uid: "data-path",
        title: "Data path",
        description:
            "Each signal hop by hop, from left to right. Where the rate falls from one hop to the next without drops, look at the hop between.",
        byNamespace: true,
        from: "now-3h",
        rows: [metricsPath(), logsPath(), tracesPath()],
    };
}
