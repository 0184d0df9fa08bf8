import { RING_INHIBITION, withoutObjectStore } from "../../alerts/inhibitions";
import { callsByStatus } from "../../alerts/object-store";
import type { ObjectStoreClient, System } from "../../contracts/system";
import { tempoRules, type TempoFacts } from "./alerts";
import { tempoDashboard } from "./dashboard";
import { NAMESPACE, TITLE } from "./names";
import { tempoPanels } from "./panels";

export function tempoSystem(facts: TempoFacts): System {
    return {
        role: "traces",
        title: TITLE,
        namespaces: [NAMESPACE],
        alerts: { "trace-store": tempoRules(facts) },
        inhibitions: [
            RING_INHIBITION,
            { source: "MetricsIngestionStopped", targets: ["SpanMetricsStopped"], equal: ["cluster"] },
            ...withoutObjectStore(["FlushFailing", "CompactionStuck", "RetentionStuck", "TraceBlocklistStale"]),
        ],
        dashboard: tempoDashboard(facts.replicationFactor),
        panels: tempoPanels(facts.replicationFactor),
        objectStoreClient: client,
    };
}

const client: ObjectStoreClient = {
    ...callsByStatus({
        namespace: NAMESPACE,
        histogram: "tempodb_backend_request_duration_seconds",
        reads: 'operation="GET"',
        call: 'operation="PUT"',
    }),
    refusals: [
        {
            container: "ingester",
            line: 'level=error ts=2026-11-21T19:49:12.407Z caller=flush.go:231 org_id=single-tenant msg="error performing op in flushQueue" op=1 block=0c6b6f3e-9c9f-4e56-a4a1-5b3f2f2e7a10 attempts=1 err="error copying block from local to remote backend: error writing object to s3 backend, object single-tenant/0c6b6f3e-9c9f-4e56-a4a1-5b3f2f2e7a10/data.parquet: The Access Key Id you provided does not exist in our records."',
        },
    ],
};
