import type { LogRule } from "../../alerts/log-lines/log-rule";
import { NAMESPACE } from "./names";

const stream = { cluster: "blue", namespace: NAMESPACE, container: "distributor" };

const line = (tenant: string) =>
    `ts=2026-11-29T06:54:03.006371459Z caller=otlp.go:212 level=warn x-request-logging-headers-key= x-cortex-request-id=b219cbae org_id=${tenant} msg="Error translating OTLP metrics to Prometheus write request" err="invalid temporality and type combination for metric \\"orders\\""`;

/** What a push by OTLP holds beside metrics that are kept is dropped with a 200, and counted nowhere. */
export const otlpDropped: LogRule = {
    alert: "OtlpMetricsDropped",
    severity: "warning",
    expr: `sum by (cluster, namespace, org_id) (count_over_time({namespace="${NAMESPACE}"} |~ "[E]rror translating OTLP metrics" | logfmt org_id [15m])) > 0`,
    for: "10m",
    summary: "Metrics that are pushed by OTLP are dropped",
    description:
        "Of {{ $value }} pushes by OTLP in 15 minutes, of the tenant {{ $labels.org_id }}, metrics were dropped, though their sender may have been answered with 200. Most often they are of delta temporality. The distributors' lines name them.",
    firing: {
        lines: [{ stream, line: line("shop"), count: 3 }],
        labels: { cluster: "blue", namespace: NAMESPACE, org_id: "shop" },
        says: "Of 3 pushes by OTLP in 15 minutes, of the tenant shop, metrics were dropped, though their sender may have been answered with 200. Most often they are of delta temporality. The distributors' lines name them.",
    },
    silent: {
        lines: [
            { stream: { ...stream, namespace: "shop" }, line: line("shop"), count: 5 },
            {
                stream,
                line: 'ts=2026-11-29T06:54:03Z caller=push.go:1 level=warn org_id=shop msg="push refused"',
                count: 5,
            },
        ],
    },
};
