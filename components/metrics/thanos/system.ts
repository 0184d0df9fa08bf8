import { withoutObjectStore } from "../../alerts/inhibitions";
import { callsAndFailures } from "../../alerts/object-store";
import type { ObjectStoreClient, System } from "../../contracts/system";
import { thanosRules } from "./alerts";
import { thanosDashboard } from "./dashboard";
import { NAMESPACE, TITLE } from "./names";
import { thanosPanels } from "./panels";

/** @param replicationFactor ingestors that keep each series. */
export function thanosSystem(replicationFactor: number): System {
    return {
        role: "metrics",
        title: TITLE,
        namespaces: [NAMESPACE],
        alerts: { "metrics-store": thanosRules(replicationFactor) },
        inhibitions: withoutObjectStore(["FlushFailing", "CompactionStuck", "RetentionStuck"]),
        dashboard: thanosDashboard(),
        panels: thanosPanels,
        objectStoreClient: client,
    };
}

const client: ObjectStoreClient = {
    ...callsAndFailures({
        namespace: NAMESPACE,
        operation: "thanos_objstore_bucket_operation",
        reads: 'operation=~"get|get_range"',
        call: 'operation="get",bucket="b"',
    }),
    refusals: [],
};
