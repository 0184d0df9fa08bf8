import { rulesFailing } from "../../alerts/rulers";
import { ofStore, orZero, type Rule } from "../../alerts/rule";
import { dataRejected, flushFailing, readsFailing, ringRules, stuck, writesFailing } from "../../alerts/store-rules";
import type { RuleEvaluator } from "../../contracts/system";
import { CANARY_TENANT, NAMESPACE } from "./names";

const LOKI = { store: "Loki", namespace: NAMESPACE, prefix: "loki" } as const;

export const LOKI_RULER: RuleEvaluator = {
    title: "Loki's ruler",
    namespace: NAMESPACE,
    prefix: "loki_prometheus",
    dropped: "loki_prometheus_notifications_dropped_total",
};

/** Loki, and the canary that writes through it and reads back. */
export function lokiRules({ replicationFactor }: { readonly replicationFactor: number }): Rule[] {
    return ofStore("logs", [
        ingestionStopped,
        writesFailing({ ...LOKI, routes: 'route=~"loki_api_v1_push|otlp_v1_logs"', example: "loki_api_v1_push" }),
        dataRejected({
            ...LOKI,
            what: "lines",
            rejected: "loki_discarded_samples_total",
            received: "loki_distributor_lines_received_total",
            label: "tenant",
        }),
        ...ringRules({ ...LOKI, replicationFactor }),
        readsFailing({
            ...LOKI,
            routes: 'route=~"loki_api_v1_.+",route!~".+_(push|tail)"',
            example: "loki_api_v1_query_range",
        }),
        flushFailing("Loki", NAMESPACE, "loki_ingester_chunks_flush_failures_total", "flushes of chunks"),
        stuck({
            alert: "CompactionStuck",
            ...LOKI,
            what: "Compaction of the index",
            then: "Queries get slower with each day's files.",
            lastSuccess: "loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds",
        }),
        stuck({
            alert: "RetentionStuck",
            ...LOKI,
            what: "Retention",
            then: "Lines past their retention stay, and the object store fills.",
            lastSuccess: "loki_compactor_apply_retention_last_successful_run_timestamp_seconds",
        }),
        rulesFailing(LOKI_RULER),
        canaryMissingLines,
        logsLate,
    ]);
}

/** The canary's own lines are not what people send. */
const received = (tenant: string) =>
    `loki_distributor_lines_received_total{namespace="${NAMESPACE}",pod="a",tenant="${tenant}"}`;

const ingestionStopped: Rule = {
    alert: "LogsIngestionStopped",
    severity: "critical",
    expr: `${orZero(
        `sum(rate(loki_distributor_lines_received_total{namespace="${NAMESPACE}",tenant!="${CANARY_TENANT}"}[5m]))`,
    )} == 0`,
    for: "15m",
    labels: { namespace: NAMESPACE },
    summary: "Loki takes in no lines at all",
    description:
        "Loki has taken in {{ $value }} lines a second for 15 minutes, though this platform itself always logs. Nodes keep files until they rotate; what rotates away unread is lost.",
    firing: {
        series: { [received(CANARY_TENANT)]: "0+60x40" },
        minute: 30,
        labels: { namespace: NAMESPACE },
        says: "Loki has taken in 0 lines a second for 15 minutes, though this platform itself always logs. Nodes keep files until they rotate; what rotates away unread is lost.",
    },
    silent: { series: { [received("prod")]: "0+60x40" }, minute: 30 },
};

const canary = (metric: string) => `loki_canary_${metric}{namespace="${NAMESPACE}",pod="a"}`;
const MISSING = 0.01;

/** Lines that never came back, or a canary that no longer sings. */
const canaryMissingLines: Rule = {
    alert: "LogCanaryMissingLines",
    severity: "critical",
    expr:
        `sum by (namespace) (increase(loki_canary_missing_entries_total{namespace="${NAMESPACE}"}[15m]))` +
        ` / sum by (namespace) (increase(loki_canary_entries_total{namespace="${NAMESPACE}"}[15m])) > ${MISSING}` +
        ` or label_replace(${orZero(`sum(rate(loki_canary_entries_total{namespace="${NAMESPACE}"}[15m]))`)} == 0, "namespace", "${NAMESPACE}", "", "")`,
    for: "15m",
    summary: "Lines that Loki took are not found again, or the canary is silent",
    description: `{{ $value | humanizePercentage }} of the canary's lines were not found again within 15 minutes, where at most ${MISSING * 100} % may be missing (0 % means that it writes none). Lines of applications go the same way.`,
    firing: {
        series: { [canary("missing_entries_total")]: "0+3x60", [canary("entries_total")]: "0+60x60" },
        minute: 50,
        labels: { namespace: NAMESPACE },
        says: "5% of the canary's lines were not found again within 15 minutes, where at most 1 % may be missing (0 % means that it writes none). Lines of applications go the same way.",
    },
    silent: {
        series: { [canary("missing_entries_total")]: "0x60", [canary("entries_total")]: "0+60x60" },
        minute: 50,
    },
};

const LATE_SECONDS = 60;

const bucket = (le: string) =>
    `loki_canary_response_latency_seconds_bucket{namespace="${NAMESPACE}",pod="a",le="${le}"}`;

const logsLate: Rule = {
    alert: "LogsLate",
    severity: "warning",
    expr: `histogram_quantile(0.95, sum by (namespace, le) (rate(loki_canary_response_latency_seconds_bucket{namespace="${NAMESPACE}"}[15m]))) > ${LATE_SECONDS}`,
    for: "15m",
    summary: "Lines can be read only long after they were written",
    description: `One in twenty of the canary's lines took {{ $value | humanizeDuration }} or longer to come back, more than ${LATE_SECONDS} seconds.`,
    firing: {
        series: { [bucket("64")]: "0x60", [bucket("128")]: "0+60x60", [bucket("+Inf")]: "0+60x60" },
        minute: 50,
        labels: { namespace: NAMESPACE },
        says: "One in twenty of the canary's lines took 2m 4s or longer to come back, more than 60 seconds.",
    },
    silent: {
        series: { [bucket("1")]: "0+60x60", [bucket("128")]: "0+60x60", [bucket("+Inf")]: "0+60x60" },
        minute: 50,
    },
};
