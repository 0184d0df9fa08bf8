import type { LogRule } from "../../alerts/log-lines/log-rule";
import { NAMESPACE } from "./names";

const stream = { cluster: "blue", namespace: NAMESPACE, container: "thanos-receive-router" };

const LINE =
    'ts=2026-11-29T08:47:00.540437394Z caller=handler_otlp.go:173 level=error component=receive component=receive-handler msg="Error translating OTLP metrics to Prometheus write request" err="unsupported value type"';

const says = (pushes: string) =>
    `${pushes} pushes by OTLP in 15 minutes were refused whole with status 400, for metrics in them that Thanos cannot keep. Most often these are of delta temporality. The answer names them, the routers' lines do not.`;

/** One metric that cannot be kept loses its push, which no counter of samples has. */
export const otlpRefused: LogRule = {
    alert: "OtlpMetricsDropped",
    severity: "warning",
    expr: `sum by (cluster, namespace) (count_over_time({namespace="${NAMESPACE}"} |~ "[E]rror translating OTLP metrics" [15m])) > 0`,
    for: "10m",
    summary: "Metrics that are pushed by OTLP are dropped",
    description: says("{{ $value }}"),
    firing: {
        lines: [{ stream, line: LINE, count: 3 }],
        labels: { cluster: "blue", namespace: NAMESPACE },
        says: says("3"),
    },
    silent: {
        lines: [
            { stream: { ...stream, namespace: "shop" }, line: LINE, count: 5 },
            { stream, line: 'level=error component=receive msg="internal server error"', count: 5 },
        ],
    },
};
