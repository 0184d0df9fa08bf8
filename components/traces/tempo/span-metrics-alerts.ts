import type { Rule } from "../../alerts/rule";
import { NAMESPACE } from "./names";

const LATE_MINUTES = 10;

const received = `tempo_distributor_spans_received_total{namespace="${NAMESPACE}"`;
const sent = `prometheus_remote_storage_queue_highest_sent_timestamp_seconds{namespace="${NAMESPACE}"`;

/**
 * The newest sample that the metrics store acknowledged: what generators make, receive or try to send says less.
 * The canary's spans see to it that there is always something to make metrics of.
 */
const stopped: Rule = {
    alert: "SpanMetricsStopped",
    severity: "warning",
    expr: `sum by (namespace) (rate(${received}}[5m])) > 0 unless on (namespace) max by (namespace) (${sent}}) > time() - ${LATE_MINUTES * 60}`,
    for: "10m",
    summary: "No metrics are made of spans, though spans arrive",
    description: `Tempo takes in {{ $value | printf "%.1f" }} spans a second, and none of the samples of the last ${LATE_MINUTES} minutes that its metrics generators made of them has reached the metrics store. Service graphs, and rules on span metrics, stand still; what is not counted now never is.`,
    firing: {
        series: { [`${received},pod="a",tenant="single-tenant"}`]: "0+600x60", [`${sent},pod="b"}`]: "0+60x10 600x50" },
        minute: 50,
        labels: { namespace: NAMESPACE },
        says: "Tempo takes in 10.0 spans a second, and none of the samples of the last 10 minutes that its metrics generators made of them has reached the metrics store. Service graphs, and rules on span metrics, stand still; what is not counted now never is.",
    },
    silent: {
        series: { [`${received},pod="a",tenant="single-tenant"}`]: "0+600x60", [`${sent},pod="b"}`]: "0+60x60" },
        minute: 50,
    },
};

const limited = `tempo_metrics_generator_registry_series_limited_total{namespace="${NAMESPACE}"`;

const incomplete: Rule = {
    alert: "SpanMetricsIncomplete",
    severity: "warning",
    expr: `sum by (namespace) (rate(${limited}}[15m])) > 0`,
    for: "15m",
    summary: "Metrics generators leave services out, since they keep too many series",
    description:
        '{{ $value | printf "%.1f" }} times a second over 15 minutes a metrics generator of Tempo left out a series, where it never should: it keeps as many as it may (setting traces.limits.generatedSeries). Rates and errors of what came last are missing.',
    firing: {
        series: { [`${limited},pod="a",tenant="single-tenant"}`]: "0+60x60" },
        minute: 50,
        labels: { namespace: NAMESPACE },
        says: "1.0 times a second over 15 minutes a metrics generator of Tempo left out a series, where it never should: it keeps as many as it may (setting traces.limits.generatedSeries). Rates and errors of what came last are missing.",
    },
    silent: { series: { [`${limited},pod="a",tenant="single-tenant"}`]: "0x20 5x40" }, minute: 50 },
};

/** What Tempo's metrics generators make of spans. */
export const spanMetricsRules: readonly Rule[] = [stopped, incomplete];
