import { RING_INHIBITION, withoutObjectStore } from "../../alerts/inhibitions";
import { callsAndFailures } from "../../alerts/object-store";
import type { ObjectStoreClient, System } from "../../contracts/system";
import { CORTEX_RULER, cortexRules, haTrackerFlapping } from "./alerts";
import { cortexDashboard } from "./dashboard";
import { otlpDropped } from "./log-alerts";
import { NAMESPACE, TITLE } from "./names";
import { cortexPanels } from "./panels";

export interface CortexFacts {
    readonly replicationFactor: number;
    /** Whether a pair of Prometheus writes to it, of which it elects one. */
    readonly deduplicates: boolean;
}

export function cortexSystem({ replicationFactor, deduplicates }: CortexFacts): System {
    return {
        role: "metrics",
        title: TITLE,
        namespaces: [NAMESPACE],
        alerts: {
            "metrics-store": cortexRules({ replicationFactor }),
            "remote-write": deduplicates ? [haTrackerFlapping] : [],
        },
        logAlerts: [otlpDropped],
        inhibitions: [RING_INHIBITION, ...withoutObjectStore(["FlushFailing", "CompactionStuck", "RetentionStuck"])],
        dashboard: cortexDashboard(),
        panels: cortexPanels,
        evaluators: [CORTEX_RULER],
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
    refusals: [
        {
            container: "ingester",
            line: 'ts=2026-11-21T19:48:24.852Z caller=bucket_client.go:148 level=error msg="bucket operation fail after retries" err="The Access Key Id you provided does not exist in our records." operation="Iter "',
        },
        {
            container: "ingester",
            line: 'ts=2026-11-21T19:48:49.887Z caller=bucket_client.go:148 level=error msg="bucket operation fail after retries" err="The request signature we calculated does not match the signature you provided. Check your key and signing method." operation="Iter "',
        },
    ],
};
