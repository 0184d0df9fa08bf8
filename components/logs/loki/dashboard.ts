import { logsOfPod } from "../../dashboards/links";
import { podRows, STORE_COMPLAINT } from "../../dashboards/pods";
import { failing, inNamespace, perSecond, quantile, within } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Dashboard, type Row } from "../../dashboards/spec";
import { NAMESPACE } from "./names";

const of = (more?: string) => inNamespace(NAMESPACE, more);
const REQUESTS = "loki_request_duration_seconds";
const PUSHES = of('route=~"loki_api_v1_push|otlp_v1_logs"');
const QUERIES = of('route=~"loki_api_v1_query(_range)?"');
const links = [logsOfPod(NAMESPACE)];

export function lokiDashboard(): Dashboard {
    return {
        uid: "loki",
        title: "Loki",
        description:
            "The log store: is it whole, does it take lines, does it answer, does it keep and delete what it should.",
        from: "now-6h",
        rows: [health(), writes(), reads(), keeping(), ...podRows(NAMESPACE, STORE_COMPLAINT)],
    };
}

function health(): Row {
    return {
        title: "Health",
        panels: [
            number({
                title: "Unhealthy ring members",
                description:
                    "Of all rings together. Normal: 0. One ingester is survived without loss; with a second one writes fail.",
                unit: "short",
                thresholds: levels(1, 2),
                queries: [metrics("members", `sum(max by (name) (loki_ring_members{${of('state="Unhealthy"')}}))`)],
            }),
            number({
                title: "Failing pushes",
                description: "Share that was answered with 5xx. Normal: 0. Collectors send these again.",
                unit: "percentunit",
                thresholds: levels(0.001, 0.01),
                none: "no pushes",
                queries: [metrics("failing", failing(REQUESTS, PUSHES, "5.."))],
            }),
            number({
                title: "Failing queries",
                description: "Share that was answered with 5xx. Normal: 0. Often a query over too much; see the log.",
                unit: "percentunit",
                thresholds: levels(0.01, 0.05),
                none: "no queries",
                queries: [metrics("failing", failing(REQUESTS, QUERIES, "5.."))],
            }),
            number({
                title: "Push, slowest of 100",
                description: "Normal: below half a second.",
                unit: "s",
                thresholds: levels(1, 5),
                none: "no pushes",
                queries: [metrics("p99", quantile(0.99, REQUESTS, PUSHES))],
            }),
            number({
                title: "Query, slowest of 100",
                description: "Normal: some seconds; a search for text over days takes longer.",
                unit: "s",
                thresholds: levels(20, 60),
                none: "no queries",
                queries: [metrics("p99", quantile(0.99, REQUESTS, QUERIES))],
            }),
            number({
                title: "Lines lost by the canary",
                description: "Of the last hour, not found again. Normal: 0.",
                unit: "short",
                thresholds: [{ from: 1, color: "red" }],
                queries: [metrics("lines", within("1h", `loki_canary_missing_entries_total{${of()}}`))],
            }),
        ],
    };
}

function writes(): Row {
    return {
        title: "Writes",
        panels: [
            graph({
                title: "Bytes",
                description: "Arriving at the distributors, and discarded by reason: those are lost. Normally none.",
                unit: "Bps",
                width: 6,
                queries: [
                    metrics("arriving", perSecond(`loki_distributor_bytes_received_total{${of()}}`)),
                    metrics("discarded: {{reason}}", perSecond(`loki_discarded_bytes_total{${of()}}`, "reason")),
                ],
            }),
            graph({
                title: "Streams in memory",
                description:
                    "By ingester; a stream is a set of labels. A steep rise is a label with many values (an id, an address): make it structured metadata.",
                unit: "short",
                width: 6,
                links,
                queries: [metrics("{{pod}}", `sum by (pod) (loki_ingester_memory_streams{${of()}})`)],
            }),
            graph({
                title: "Chunks flushed, by reason",
                description:
                    "Full is good. Mostly idle or max_age: many streams with few lines each, which makes queries slow.",
                unit: "cps",
                width: 6,
                stacked: true,
                queries: [metrics("{{reason}}", perSecond(`loki_ingester_chunks_flushed_total{${of()}}`, "reason"))],
            }),
            graph({
                title: "Write-ahead log cannot be written, last hour",
                description:
                    "Normal: 0. Else an ingester's volume is full: lines are still taken, but would not survive a restart.",
                unit: "short",
                width: 6,
                links,
                queries: [
                    metrics(
                        "{{pod}}",
                        `max by (pod) (increase(loki_ingester_wal_disk_full_failures_total{${of()}}[1h]))`,
                    ),
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
                title: "Queries waiting",
                description: "In the schedulers' queues. Normal: 0 between bursts. Steadily above: more queriers.",
                unit: "short",
                queries: [metrics("{{pod}}", `sum by (pod) (loki_query_scheduler_queue_length{${of()}})`)],
            }),
            graph({
                title: "Query duration",
                description: "By quantile, of what Grafana asks for.",
                unit: "s",
                queries: [0.5, 0.9, 0.99].map((q) => metrics(`p${q * 100}`, quantile(q, REQUESTS, QUERIES))),
            }),
            graph({
                title: "Requests by status",
                description: "Of all components. 429 is a limit (setting logs.limits); 5xx is normally absent.",
                unit: "reqps",
                queries: [metrics("{{status_code}}", perSecond(`${REQUESTS}_count{${of()}}`, "status_code"))],
            }),
        ],
    };
}

function keeping(): Row {
    return {
        title: "Object store",
        panels: [
            graph({
                title: "Last compaction and retention",
                description:
                    "Time since each last succeeded. Normal: minutes. There is one compactor; while it is away nothing is deleted, and lines are taken and found all the same.",
                unit: "s",
                thresholds: levels(3600, 10_800),
                queries: [
                    metrics(
                        "compaction",
                        since("loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds"),
                    ),
                    metrics("retention", since("loki_compactor_apply_retention_last_successful_run_timestamp_seconds")),
                ],
            }),
            graph({
                title: "Written",
                description: "Bytes of compressed chunks, of all copies that were not found to be there already.",
                unit: "Bps",
                queries: [metrics("chunks", perSecond(`loki_ingester_chunk_stored_bytes_total{${of()}}`))],
            }),
            graph({
                title: "Failed requests",
                description: "By operation. Normal: 0. See the object store, and whether the key was rotated.",
                unit: "reqps",
                queries: [
                    metrics(
                        "{{operation}} {{status_code}}",
                        perSecond(
                            `loki_s3_request_duration_seconds_count{${of('status_code=~"5..|403"')}}`,
                            "operation, status_code",
                        ),
                    ),
                ],
            }),
        ],
    };
}

function since(timestamp: string): string {
    return `time() - max(${timestamp}{${of()}} > 0)`;
}
