import { logsOfPod } from "../../dashboards/links";
import { podRows, STORE_COMPLAINT } from "../../dashboards/pods";
import { inNamespace, perSecond, quantile, share, within } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Dashboard, type Row } from "../../dashboards/spec";
import { job, PUSHED } from "./alerts";
import { NAMESPACE } from "./names";
import { ACTIVE_SERIES } from "./panels";

const of = (more?: string) => inNamespace(NAMESPACE, more);
const jobOf = (component: string, more = "") => of(`job="${job(component)}"${more}`);
const PUSHES = jobOf("receive-router", ', handler=~"receive|otlp"');
const QUERIES = jobOf("query-frontend");
const LATENCY = "http_request_duration_seconds";
const links = [logsOfPod(NAMESPACE)];

export function thanosDashboard(): Dashboard {
    return {
        uid: "thanos",
        title: "Thanos",
        description: "The metrics store: is it whole, does it take writes, does it answer, does it keep its blocks.",
        from: "now-6h",
        rows: [health(), writes(), reads(), blocks(), ...podRows(NAMESPACE, STORE_COMPLAINT)],
    };
}

const failing = (matchers: string) => share("http_requests_total", matchers, 'code=~"5.."');

function health(): Row {
    return {
        title: "Health",
        panels: [
            number({
                title: "Ingestors that answer",
                description:
                    "Normal: as many as the setting metrics.replicas.ingestor says. One that is away is survived without loss; with a second one writes fail.",
                unit: "short",
                queries: [metrics("ingestors", `sum(up{${jobOf("receive-ingestor")}})`)],
            }),
            number({
                title: "Failing pushes",
                description: "Share that was answered with 5xx. Normal: 0. Prometheus sends these again.",
                unit: "percentunit",
                thresholds: levels(0.001, 0.01),
                none: "no pushes",
                queries: [metrics("failing", failing(PUSHES))],
            }),
            number({
                title: "Failing queries",
                description:
                    "Share that was answered with 5xx. Normal: 0. Often a query that is too large; see the log.",
                unit: "percentunit",
                thresholds: levels(0.01, 0.05),
                none: "no queries",
                queries: [metrics("failing", failing(QUERIES))],
            }),
            number({
                title: "Push, slowest of 100",
                description: "Normal: below half a second. Slow pushes let Prometheus fall behind.",
                unit: "s",
                thresholds: levels(1, 5),
                none: "no pushes",
                queries: [metrics("p99", quantile(0.99, LATENCY, PUSHES))],
            }),
            number({
                title: "Query, slowest of 100",
                description: "Normal: some seconds, for long ranges more.",
                unit: "s",
                thresholds: levels(10, 30),
                none: "no queries",
                queries: [metrics("p99", quantile(0.99, LATENCY, QUERIES))],
            }),
            number({
                title: "Active series",
                description: "Those of both Prometheus replicas, each copy counted once.",
                unit: "short",
                queries: [metrics("series", ACTIVE_SERIES)],
            }),
        ],
    };
}

function writes(): Row {
    return {
        title: "Writes",
        panels: [
            graph({
                title: "Samples, by tenant and status",
                description: "Of the pushes that routers answered. 4xx are lost, 5xx are sent again.",
                unit: "cps",
                width: 6,
                queries: [metrics("{{tenant}} {{code}}", perSecond(`${PUSHED}{${of()}}`, "tenant, code"))],
            }),
            graph({
                title: "Copies that found no ingestor",
                description: "By result. Normal: no errors. Errors of one ingestor are survived.",
                unit: "cps",
                width: 6,
                links,
                queries: [metrics("{{result}}", perSecond(`thanos_receive_replications_total{${of()}}`, "result"))],
            }),
            graph({
                title: "Series in memory",
                description:
                    "By ingestor, dead ones until the next block is cut included. Lines lie together; apart means that the hashring is uneven.",
                unit: "short",
                width: 6,
                links,
                queries: [
                    metrics("{{pod}}", `sum by (pod) (prometheus_tsdb_head_series{${jobOf("receive-ingestor")}})`),
                ],
            }),
            graph({
                title: "Late samples that were refused",
                description:
                    "Older than the setting metrics.limits.outOfOrder allows, by ingestor. Normal: none but at a restart of a sender.",
                unit: "cps",
                width: 6,
                queries: [
                    metrics("{{pod}}", perSecond(`prometheus_tsdb_out_of_bound_samples_total{${of()}}`, "pod")),
                    metrics("{{pod}} too old", perSecond(`prometheus_tsdb_too_old_samples_total{${of()}}`, "pod")),
                ],
            }),
        ],
    };
}

function reads(): Row {
    return {
        title: "Reads",
        panels: [
            graph({
                title: "Query duration",
                description: "By quantile, of what Grafana asks for.",
                unit: "s",
                queries: [0.5, 0.9, 0.99].map((q) => metrics(`p${q * 100}`, quantile(q, LATENCY, QUERIES))),
            }),
            graph({
                title: "Stores that queriers know",
                description:
                    "Connections of each querier. Normal: one for each ingestor and one to a store gateway. Fewer: answers lack what the missing ones hold, with a warning.",
                unit: "short",
                links,
                queries: [metrics("{{pod}}", `sum by (pod) (thanos_store_nodes_grpc_connections{${of()}})`)],
            }),
            graph({
                title: "Blocks that store gateways hold",
                description: "By pod. Lines lie together: each has all. One below the others still loads, or cannot.",
                unit: "short",
                links,
                queries: [
                    metrics("{{pod}}", `max by (pod) (thanos_bucket_store_blocks_loaded{${of()}})`),
                    metrics(
                        "{{pod}} failed, last hour",
                        within("1h", `thanos_bucket_store_block_load_failures_total{${of()}}`, "pod"),
                    ),
                ],
            }),
        ],
    };
}

function blocks(): Row {
    return {
        title: "Blocks in the object store",
        panels: [
            graph({
                title: "Uploads, last three hours",
                description: "Of each ingestor. Normal: above 0, and none that failed.",
                unit: "short",
                width: 6,
                links,
                queries: [
                    metrics("{{pod}}", within("3h", `thanos_shipper_uploads_total{${of()}}`, "pod")),
                    metrics("{{pod}} failed", within("3h", `thanos_shipper_upload_failures_total{${of()}}`, "pod")),
                ],
            }),
            graph({
                title: "Compactor halted",
                description:
                    "Normal: 0. At 1 it has found what it must not touch: nothing is merged or deleted until a person has looked.",
                unit: "none",
                width: 6,
                links,
                queries: [metrics("halted", `max(thanos_compact_halted{${of()}})`)],
            }),
            graph({
                title: "Waiting for the compactor",
                description: "Blocks to merge, and to delete. Steadily rising: it lags; give it more memory and cores.",
                unit: "short",
                width: 6,
                queries: [
                    metrics("to merge", `max(thanos_compact_todo_compaction_blocks{${of()}})`),
                    metrics("to delete", `max(thanos_compact_todo_deletion_blocks{${of()}})`),
                ],
            }),
            graph({
                title: "Failed operations on the object store",
                description: "By operation. Normal: 0. See the object store, and whether the key was rotated.",
                unit: "cps",
                width: 6,
                queries: [
                    metrics(
                        "{{operation}}",
                        perSecond(`thanos_objstore_bucket_operation_failures_total{${of()}}`, "operation"),
                    ),
                ],
            }),
        ],
    };
}
