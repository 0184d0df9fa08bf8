import { withoutObjectStore } from "../../alerts/inhibitions";
import { callsAndFailures } from "../../alerts/object-store";
import type { ObjectStoreClient, System } from "../../contracts/system";
import { thanosRules, type ThanosFacts } from "./alerts";
import { thanosDashboard } from "./dashboard";
import { otlpRefused } from "./log-alerts";
import { NAMESPACE, TITLE } from "./names";
import { thanosPanels } from "./panels";

export function thanosSystem(facts: ThanosFacts): System {
    return {
        role: "metrics",
        title: TITLE,
        namespaces: [NAMESPACE],
        alerts: { "metrics-store": thanosRules(facts) },
        logAlerts: [otlpRefused],
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
    refusals: [
        {
            container: "thanos-compact",
            line: 'ts=2026-11-29T07:17:41.00070883Z caller=runutil.go:117 level=error msg="function failed. Retrying in next tick" err="BaseFetcher: iter bucket: The Access Key Id you provided does not exist in our records."',
        },
        {
            container: "thanos-compact",
            line: 'ts=2026-11-29T07:18:10.977487652Z caller=compact.go:654 level=error msg="retriable error" err="BaseFetcher: iter bucket: The request signature we calculated does not match the signature you provided. Check your key and signing method."',
        },
    ],
};
