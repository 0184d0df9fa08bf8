import { logsOfPod } from "../../dashboards/links";
import { podRows, STORE_COMPLAINT } from "../../dashboards/pods";
import { failing, inNamespace, perSecond, quantile } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Dashboard, type Row } from "../../dashboards/spec";
import { NAMESPACE } from "./names";
import { ACTIVE_SERIES } from "./panels";

const of = (more?: string) => inNamespace(NAMESPACE, more);
const REQUESTS = "cortex_request_duration_seconds";
const PUSHES = of('route="api_v1_push"');
const QUERIES = of('route=~"prometheus_api_v1_query.*"');
const links = [logsOfPod(NAMESPACE)];

export function cortexDashboard(): Dashboard {
    return {
        uid: "cortex",
        title: "Cortex",
        description: "The metrics store: is it whole, does it take writes, does it answer, does it keep its blocks.",
        from: "now-6h",
        rows: [health(), writes(), reads(), blocks(), ...podRows(NAMESPACE, STORE_COMPLAINT)],
    };
}

function health(): Row {
    return {
        title: "Health",
        panels: [
            number({
                title: "Unhealthy ring members",
                description:
                    "Of all rings together. Normal: 0. One ingester is survived without loss; with a second one writes fail. A pod that will not come back is forgotten at /ring of a distributor.",
                unit: "short",
                thresholds: levels(1, 2),
                queries: [
                    metrics(
                        "members",
                        `sum(max by (name) (sum by (name, pod) (cortex_ring_members{${of('state="Unhealthy"')}})))`,
                    ),
                ],
            }),
            number({
                title: "Failing pushes",
                description: "Share that was answered with 5xx. Normal: 0. Prometheus sends these again.",
                unit: "percentunit",
                thresholds: levels(0.001, 0.01),
                none: "no pushes",
                queries: [metrics("failing", failing(REQUESTS, PUSHES, "5.."))],
            }),
            number({
                title: "Failing queries",
                description:
                    "Share that was answered with 5xx. Normal: 0. Often a query that is too large; see the log.",
                unit: "percentunit",
                thresholds: levels(0.01, 0.05),
                none: "no queries",
                queries: [metrics("failing", failing(REQUESTS, QUERIES, "5.."))],
            }),
            number({
                title: "Push, slowest of 100",
                description: "Normal: below half a second. Slow pushes let Prometheus fall behind.",
                unit: "s",
                thresholds: levels(1, 5),
                none: "no pushes",
                queries: [metrics("p99", quantile(0.99, REQUESTS, PUSHES))],
            }),
            number({
                title: "Query, slowest of 100",
                description: "Normal: some seconds, for long ranges more.",
                unit: "s",
                thresholds: levels(10, 30),
                none: "no queries",
                queries: [metrics("p99", quantile(0.99, REQUESTS, QUERIES))],
            }),
            number({
                title: "Active series",
                description: "Each counted once. Refused past the setting metrics.limits.maxSeries.",
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
                title: "Samples",
                description:
                    "Arriving at the distributors, accepted, and discarded by reason. Discarded are lost: raise the limit of that name in metrics.limits, or stop who sends them.",
                unit: "cps",
                width: 6,
                queries: [
                    metrics("arriving", perSecond(`cortex_distributor_samples_in_total{${of()}}`)),
                    metrics("accepted", perSecond(`cortex_distributor_received_samples_total{${of()}}`)),
                    metrics("discarded: {{reason}}", perSecond(`cortex_discarded_samples_total{${of()}}`, "reason")),
                ],
            }),
            graph({
                title: "Push to one ingester, slowest of 100",
                description: "Normal: some ten milliseconds. One that is slower than the others has a slow volume.",
                unit: "s",
                width: 6,
                links,
                queries: [metrics("{{pod}}", quantile(0.99, REQUESTS, of('route=~"/cortex.Ingester/Push.*"'), "pod"))],
            }),
            graph({
                title: "Series in memory",
                description:
                    "By ingester, dead ones until the next head compaction included. Lines lie together; apart means that the ring is uneven.",
                unit: "short",
                width: 6,
                links,
                queries: [metrics("{{pod}}", `max by (pod) (cortex_ingester_memory_series{${of()}})`)],
            }),
            graph({
                title: "Changes of the elected Prometheus, last hour",
                description:
                    "Normal: 0; one when a Prometheus restarts. Often: both are slow or the gossip between distributors is. At each change up to a minute of samples is missing.",
                unit: "short",
                width: 6,
                // Their label `cluster` names the pair of Prometheus replicas, not the cluster.
                queries: [
                    metrics(
                        "{{cluster}}",
                        `max by (cluster) (increase(cortex_ha_tracker_elected_replica_changes_total{namespace="${NAMESPACE}"}[1h]))`,
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
                description:
                    "In the query frontends' queues. Normal: 0. Steadily above: more queriers, or fewer and cheaper queries.",
                unit: "short",
                queries: [metrics("{{pod}}", `sum by (pod) (cortex_query_frontend_queue_length{${of()}})`)],
            }),
            graph({
                title: "Query duration",
                description: "By quantile, of what Grafana asks for.",
                unit: "s",
                queries: [0.5, 0.9, 0.99].map((q) => metrics(`p${q * 100}`, quantile(q, REQUESTS, QUERIES))),
            }),
            graph({
                title: "Answers that lacked blocks, last hour",
                description:
                    "Queries for which no store gateway had a block that should exist. Normal: 0; the query then fails rather than answer with less.",
                unit: "short",
                links,
                queries: [
                    metrics(
                        "{{pod}}",
                        `sum by (pod) (increase(cortex_querier_blocks_consistency_checks_failed_total{${of()}}[1h]))`,
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
                title: "Not uploaded since",
                description: "Age of the oldest block on an ingester's volume. Normal: below three hours, or no data.",
                unit: "s",
                width: 6,
                thresholds: levels(10_800, 21_600),
                links,
                queries: [
                    metrics(
                        "{{pod}}",
                        `max by (pod) (time() - (cortex_ingester_oldest_unshipped_block_timestamp_seconds{${of()}} > 0))`,
                    ),
                ],
            }),
            graph({
                title: "Last compaction, cleanup, bucket index",
                description:
                    "Time since each last succeeded. Normal: hours for compaction, below an hour for the others. Older: retention stands still and queries get slow.",
                unit: "s",
                width: 6,
                thresholds: levels(43_200, 86_400),
                queries: [
                    metrics("compaction", since("cortex_compactor_last_successful_run_timestamp_seconds")),
                    metrics("cleanup", since("cortex_compactor_block_cleanup_last_successful_run_timestamp_seconds")),
                    metrics("bucket index", since("cortex_bucket_index_last_successful_update_timestamp_seconds")),
                ],
            }),
            graph({
                title: "Blocks",
                description:
                    "In the bucket, and of them marked for deletion. Steadily rising faster than time: compaction lags.",
                unit: "short",
                width: 6,
                queries: [
                    metrics("blocks", `max(cortex_bucket_blocks_count{${of()}})`),
                    metrics("marked for deletion", `max(cortex_bucket_blocks_marked_for_deletion_count{${of()}})`),
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

function since(timestamp: string): string {
    return `time() - max(${timestamp}{${of()}} > 0)`;
}
