import { RING_INHIBITION, withoutObjectStore } from "../../alerts/inhibitions";
import { callsByStatus } from "../../alerts/object-store";
import type { ObjectStoreClient, System } from "../../contracts/system";
import { LOKI_RULER, lokiRules } from "./alerts";
import { lokiDashboard } from "./dashboard";
import { lokiLines } from "./lines";
import { NAMESPACE, TITLE } from "./names";
import { lokiPanels } from "./panels";

export function lokiSystem({ replicationFactor }: { readonly replicationFactor: number }): System {
    return {
        role: "logs",
        title: TITLE,
        namespaces: [NAMESPACE],
        alerts: { "log-store": lokiRules({ replicationFactor }) },
        inhibitions: [RING_INHIBITION, ...withoutObjectStore(["FlushFailing", "CompactionStuck", "RetentionStuck"])],
        dashboard: lokiDashboard(),
        panels: lokiPanels,
        evaluators: [LOKI_RULER],
        objectStoreClient: client,
        logLines: true,
        lines: lokiLines,
    };
}

const client: ObjectStoreClient = {
    ...callsByStatus({
        namespace: NAMESPACE,
        histogram: "loki_s3_request_duration_seconds",
        reads: 'operation="S3.GetObject"',
        call: 'operation="S3.PutObject"',
    }),
    refusals: [
        {
            container: "ingester",
            line: 'level=error ts=2026-11-21T19:47:04.234Z caller=flush.go:262 component=ingester msg="failed to flush" err="failed to flush chunks: store put chunk: operation error S3: PutObject, https response error StatusCode: 403, api error AccessDenied: Access Denied."',
        },
    ],
};
