import { logsOfPod, tracesOfService } from "../../dashboards/links";
import { podRows, STORE_COMPLAINT } from "../../dashboards/pods";
import { CLUSTER, failing, inNamespace, perSecond, quantile, within } from "../../dashboards/selectors";
import { graph, levels, metrics, number, traces, type Dashboard, type Row } from "../../dashboards/spec";
import { NAMESPACE } from "./names";

const of = (more?: string) => inNamespace(NAMESPACE, more);
const REQUESTS = "tempo_request_duration_seconds";
const PUSH_TO_INGESTER = of('route=~"/tempopb.Pusher/Push.*"');
const QUERIES = of('route=~"api_.*"');
const links = [logsOfPod(NAMESPACE)];

/**
 * Tempo, and what it makes of spans.
 * @param copies how many ingesters keep each trace: no metric tells.
 */
export function tempoDashboard(copies: number): Dashboard {
    return {
        uid: "tempo",
        title: "Tempo",
        description:
            "The trace store: is it whole, does it take spans, does it answer; and what the spans say of services.",
        from: "now-6h",
        rows: [health(), writes(copies), reads(), services(), ...podRows(NAMESPACE, STORE_COMPLAINT)],
    };
}

function health(): Row {
    return {
        title: "Health",
        panels: [
            number({
                title: "Unhealthy ring members",
                description:
                    "Of all rings together, minutes after they vanished. Normal: 0. Forget one that will not come back at /ingester/ring of a distributor: the next loss stops writes.",
                unit: "short",
                thresholds: levels(1, 2),
                queries: [metrics("members", `sum(max by (name) (tempo_ring_members{${of('state="Unhealthy"')}}))`)],
            }),
            number({
                title: "Failing pushes to ingesters",
                description: "Share of the calls that failed. Normal: 0. One of three may fail without loss.",
                unit: "percentunit",
                thresholds: levels(0.001, 0.34),
                none: "no pushes",
                queries: [metrics("failing", failing(REQUESTS, PUSH_TO_INGESTER, "5..|error"))],
            }),
            number({
                title: "Failing queries",
                description: "Share that was answered with 5xx. Normal: 0.",
                unit: "percentunit",
                thresholds: levels(0.01, 0.05),
                none: "no queries",
                queries: [metrics("failing", failing(REQUESTS, QUERIES, "5.."))],
            }),
            number({
                title: "Failing looks of the canary",
                description:
                    "It looks for its own traces of the last minutes and days, by id and by search. Share of the last half hour that found none, a part or something else, or failed. Normal: 0, or a few while pods are replaced. The runbook TraceCanaryMissingTraces tells them apart.",
                unit: "percentunit",
                thresholds: levels(0.01, 0.05),
                none: "no looks",
                queries: [
                    metrics(
                        "failing",
                        `${within("30m", `tempo_vulture_trace_error_total{${of()}}`)} / (${within("30m", `tempo_vulture_trace_total{${of()}}`)} > 0)`,
                    ),
                ],
            }),
            number({
                title: "Blocks to compact",
                description:
                    "Waiting. Normal: tens. Hundreds for hours: the compactors do not keep up, searches get slow.",
                unit: "short",
                thresholds: levels(100, 250),
                queries: [metrics("blocks", `sum(tempodb_compaction_outstanding_blocks{${of()}})`)],
            }),
            number({
                title: "In the object store",
                description: "Bytes of blocks, those marked as compacted left out.",
                unit: "bytes",
                queries: [
                    metrics("bytes", `sum(max by (tenant) (tempodb_backend_bytes_total{${of('status="live"')}}))`),
                ],
            }),
        ],
    };
}

function writes(copies: number): Row {
    return {
        title: "Writes",
        panels: [
            graph({
                title: "Spans",
                description:
                    "Arriving at the distributors, and discarded by reason: those are lost. The limits are the settings traces.limits.",
                unit: "cps",
                width: 6,
                queries: [
                    metrics("arriving", perSecond(`tempo_distributor_spans_received_total{${of()}}`)),
                    metrics("discarded: {{reason}}", perSecond(`tempo_discarded_spans_total{${of()}}`, "reason")),
                ],
            }),
            graph({
                title: "Copies of each span",
                description: `Bytes at ingesters for each byte at distributors. Normal here: close to ${copies}, never above for long.`,
                unit: "short",
                width: 6,
                queries: [
                    metrics(
                        "copies",
                        `${perSecond(`tempo_ingester_bytes_received_total{${of()}}`)} / (${perSecond(`tempo_distributor_bytes_received_total{${of()}}`)} > 0)`,
                    ),
                ],
            }),
            graph({
                title: "Live traces",
                description: "By ingester. Lost with an ingester's memory and its volume, if both go.",
                unit: "short",
                width: 6,
                links,
                queries: [metrics("{{pod}}", `sum by (pod) (tempo_ingester_live_traces{${of()}})`)],
            }),
            graph({
                title: "Failures, last hour",
                description: "Of flushes, compactions, and of reading the list of blocks. All normally 0.",
                unit: "short",
                width: 6,
                links,
                queries: [
                    metrics("flushes", `sum(increase(tempo_ingester_failed_flushes_total{${of()}}[1h]))`),
                    metrics("compactions", `sum(increase(tempodb_compaction_errors_total{${of()}}[1h]))`),
                    metrics("list of blocks", `sum(increase(tempodb_blocklist_poll_errors_total{${of()}}[1h]))`),
                    metrics("retention", `sum(increase(tempodb_retention_errors_total{${of()}}[1h]))`),
                ],
            }),
        ],
    };
}

function reads(): Row {
    return {
        title: "Reads and generated metrics",
        panels: [
            graph({
                title: "Query duration",
                description: "99 of 100 are faster, by route.",
                unit: "s",
                queries: [metrics("{{route}}", quantile(0.99, REQUESTS, QUERIES, "route"))],
            }),
            graph({
                title: "Queries",
                description: "By kind and result.",
                unit: "reqps",
                queries: [
                    metrics(
                        "{{op}} {{result}}",
                        perSecond(`tempo_query_frontend_queries_total{${of()}}`, "op, result"),
                    ),
                ],
            }),
            graph({
                title: "Series made of spans",
                description:
                    "By generator. At the limit (traces.limits.generatedSeries) new ones are left out, and are counted as left out each second.",
                unit: "short",
                links,
                queries: [
                    metrics("{{pod}}", `sum by (pod) (tempo_metrics_generator_registry_active_series{${of()}})`),
                    metrics("left out", perSecond(`tempo_metrics_generator_registry_series_limited_total{${of()}}`)),
                ],
            }),
        ],
    };
}

function services(): Row {
    const server = `${CLUSTER}, span_kind="SPAN_KIND_SERVER"`;
    return {
        title: "What the spans say",
        panels: [
            graph({
                title: "Requests by service",
                description: "Of server spans. Click a line for its traces.",
                unit: "reqps",
                links: [tracesOfService],
                queries: [metrics("{{service}}", perSecond(`traces_spanmetrics_calls_total{${server}}`, "service"))],
            }),
            graph({
                title: "Errors by service",
                description: "Requests whose span has the status error. Normal: none. Click a line for its traces.",
                unit: "reqps",
                links: [tracesOfService],
                queries: [
                    metrics(
                        "{{service}}",
                        perSecond(
                            `traces_spanmetrics_calls_total{${server}, status_code="STATUS_CODE_ERROR"}`,
                            "service",
                        ),
                    ),
                ],
            }),
            graph({
                title: "Duration by service, slowest of 100",
                description: "Each diamond is one request: click it for its trace.",
                unit: "s",
                links: [tracesOfService],
                queries: [
                    {
                        store: "metrics",
                        legend: "{{service}}",
                        exemplars: true,
                        expr: quantile(0.99, "traces_spanmetrics_latency", server, "service"),
                    },
                ],
            }),
            traces({
                title: "Failed traces",
                description:
                    "The newest with a span that failed. From a span on to the logs and metrics of its service.",
                expr: "{status = error}",
            }),
        ],
    };
}
