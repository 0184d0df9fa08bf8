import { NAMESPACE as COLLECTORS } from "../collectors/k8s-monitoring/names";
import { NAMESPACE as CORTEX } from "../metrics/cortex/names";
import { NAMESPACE as LOKI } from "../logs/loki/names";
import { NAMESPACE as TEMPO } from "../traces/tempo/names";
import type { DashboardsArgs } from "./args";
import { cost } from "./cost";
import { dashboardLink } from "./links";
import { CLUSTER, inNamespace, METRIC_COPIES, perSecond, within } from "./selectors";
import { graph, levels, metrics, number, table, type Dashboard, type Row } from "./spec";

/** Lines are on as many ingesters as the replication factor says. */
const LOG_COPIES = `max(loki_distributor_replication_factor{${inNamespace(LOKI)}})`;

/** The time of the newest sample that the metrics store acknowledged, by generator. */
const SPAN_METRICS_SENT = "prometheus_remote_storage_queue_highest_sent_timestamp_seconds";

/** The first page: is everything flowing, what fires, what does it cost. */
export function startHere(args: DashboardsArgs): Dashboard {
    return {
        uid: "start-here",
        title: "Start here",
        description: "Whether metrics, logs and traces arrive and are kept, what fires, and what all of it costs.",
        from: "now-6h",
        rows: [flowing(args), checks(), alerts(), cost(args)],
    };
}

function flowing({ traceCopies }: DashboardsArgs): Row {
    const store = { title: "The way of the data, hop by hop", url: dashboardLink("", "data-path").url };
    return {
        title: "Is everything flowing?",
        panels: [
            graph({
                title: "Metrics: samples in and stored",
                description:
                    "Both Prometheus replicas send; the store accepts one of them, so accepted is half of arriving where there are two. Stored should lie on accepted: below it, ingesters lose writes.",
                unit: "cps",
                links: [store],
                queries: [
                    metrics("arriving", perSecond(`cortex_distributor_samples_in_total{${inNamespace(CORTEX)}}`)),
                    metrics("accepted", perSecond(`cortex_distributor_received_samples_total{${inNamespace(CORTEX)}}`)),
                    metrics(
                        "stored",
                        `(${perSecond(`cortex_ingester_ingested_samples_total{${inNamespace(CORTEX)}}`)} + ${perSecond(`cortex_ingester_ingested_native_histograms_total{${inNamespace(CORTEX)}}`)}) / ${METRIC_COPIES}`,
                    ),
                ],
            }),
            graph({
                title: "Logs: lines in and stored",
                description:
                    "Lines are written to the object store when a chunk is full or two hours old, so stored follows arriving by up to two hours and is smoothed over one. Where it stays below for longer, look at the flushes of Loki's ingesters.",
                unit: "cps",
                links: [store],
                queries: [
                    metrics("arriving", perSecond(`loki_distributor_lines_received_total{${inNamespace(LOKI)}}`)),
                    metrics(
                        "stored",
                        `sum(rate(loki_ingester_chunk_entries_sum{${inNamespace(LOKI)}}[1h])) / ${LOG_COPIES}`,
                    ),
                ],
            }),
            graph({
                title: "Traces: bytes in and held",
                description:
                    "Held is what the ingesters took, for one of the copies. It lies close to arriving; a little below is normal, since a write counts once two of three copies stand. Far below: spans are refused or ingesters are away.",
                unit: "Bps",
                links: [store],
                queries: [
                    metrics("arriving", perSecond(`tempo_distributor_bytes_received_total{${inNamespace(TEMPO)}}`)),
                    metrics(
                        "held",
                        `${perSecond(`tempo_ingester_bytes_received_total{${inNamespace(TEMPO)}}`)} / ${traceCopies}`,
                    ),
                ],
            }),
        ],
    };
}

function checks(): Row {
    const width = 6;
    return {
        title: "Checks from outside",
        panels: [
            number({
                title: "Newest sample",
                width,
                description:
                    "Age of the newest sample that the metrics store accepted. Normal: below a minute. Older: neither Prometheus replica gets through; see the data path.",
                unit: "s",
                thresholds: levels(60, 300),
                queries: [
                    metrics(
                        "age",
                        `time() - max(cortex_distributor_latest_seen_sample_timestamp_seconds{${inNamespace(CORTEX)}})`,
                    ),
                ],
            }),
            number({
                title: "Lines that Loki lost",
                width,
                description:
                    "Lines of the canary that were not found again, in the last hour. Normal: 0. Anything else means that other lines were lost too; see Loki's write path.",
                unit: "short",
                thresholds: [{ from: 1, color: "red" }],
                queries: [metrics("lines", within("1h", `loki_canary_missing_entries_total{${inNamespace(LOKI)}}`))],
            }),
            number({
                title: "A line's way through Loki",
                width,
                description:
                    "Seconds from writing a line to reading it back, for 99 of 100 lines of the canary. Normal: below 5 s.",
                unit: "s",
                thresholds: levels(5, 30),
                queries: [
                    metrics(
                        "p99",
                        `histogram_quantile(0.99, sum by (le) (rate(loki_canary_response_latency_seconds_bucket{${inNamespace(LOKI)}}[10m])))`,
                    ),
                ],
            }),
            number({
                title: "Traces that Tempo lost",
                width,
                description:
                    "Looks of the canary for its traces that found none, found them incomplete or failed, in the last hour; it looks some four times a minute. Normal: 0, or one or two while Tempo's pods are replaced. More: other traces are lost too; the dashboard Tempo tells how.",
                unit: "short",
                thresholds: levels(1, 10),
                queries: [metrics("looks", within("1h", `tempo_vulture_trace_error_total{${inNamespace(TEMPO)}}`))],
            }),
            number({
                title: "Newest metric made of spans",
                width,
                description:
                    "Age of the newest sample that Tempo's metrics generators brought to the metrics store. Normal: below a minute. Older: service graphs and rules on span metrics stand still.",
                unit: "s",
                thresholds: levels(120, 600),
                queries: [metrics("age", `time() - max(${SPAN_METRICS_SENT}{${inNamespace(TEMPO)}})`)],
            }),
            number({
                title: "Spans refused",
                width,
                description:
                    "Spans that collectors or Tempo refused in the last hour. Normal: 0. The reason is on the dashboard Tempo: a limit, a trace too large, a live trace too many.",
                unit: "short",
                thresholds: [{ from: 1, color: "yellow" }],
                none: "0",
                queries: [
                    metrics(
                        "spans",
                        `(${within("1h", `tempo_discarded_spans_total{${inNamespace(TEMPO)}}`)} or vector(0)) + (${within("1h", `otelcol_receiver_refused_spans_total{${inNamespace(COLLECTORS)}}`)} or vector(0))`,
                    ),
                ],
            }),
            number({
                title: "Targets down",
                width,
                description:
                    "Targets that could not be scraped. Normal: 0, for minutes a few while pods are replaced. The dashboard Data path lists them by namespace.",
                unit: "short",
                thresholds: levels(1, 5),
                queries: [metrics("down", `count(up{${CLUSTER}} == 0) or vector(0)`)],
            }),
            number({
                title: "Watchdog",
                width,
                description:
                    "An alert that always fires, and so proves that rules are evaluated. Normal: 1 or more. 0: no alert is evaluated, whatever this page shows.",
                unit: "short",
                base: "red",
                none: "0",
                thresholds: [{ from: 1, color: "green" }],
                queries: [metrics("firing", `sum(ALERTS{${CLUSTER}, alertname="Watchdog", alertstate="firing"})`)],
            }),
        ],
    };
}

function alerts(): Row {
    return {
        title: "What fires",
        panels: [
            table({
                title: "Firing alerts",
                description:
                    "Normal: none. Begin with the critical ones; each has a runbook, which Alertmanager and the dashboard Alerts lead to.",
                unit: "none",
                width: 16,
                links: [dashboardLink("All alerts", "alerts")],
                queries: [
                    metrics(
                        "",
                        `count by (severity, alertname, namespace) (ALERTS{${CLUSTER}, alertstate="firing", alertname!~"Watchdog|InfoInhibitor"})`,
                    ),
                ],
            }),
            graph({
                title: "Firing, by severity",
                description: "Normal: none critical. A step that coincides with a rollout usually explains itself.",
                unit: "short",
                stacked: true,
                queries: [
                    metrics(
                        "{{severity}}",
                        `count by (severity) (ALERTS{${CLUSTER}, alertstate="firing", alertname!~"Watchdog|InfoInhibitor"})`,
                    ),
                ],
            }),
        ],
    };
}
