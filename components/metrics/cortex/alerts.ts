import { rulesFailing } from "../../alerts/rulers";
import { ofStore, orZero, type Rule } from "../../alerts/rule";
import { dataRejected, flushFailing, readsFailing, ringRules, stuck, writesFailing } from "../../alerts/store-rules";
import type { RuleEvaluator } from "../../contracts/system";
import { MONITORING } from "../../kubernetes/namespaces";
import { HA_LABELS, NAMESPACE } from "./names";

const CORTEX = { store: "Cortex", namespace: NAMESPACE, prefix: "cortex" } as const;

export const CORTEX_RULER: RuleEvaluator = {
    title: "Cortex' ruler",
    namespace: NAMESPACE,
    prefix: "cortex_prometheus",
    dropped: "cortex_prometheus_notifications_dropped_total",
};

/** Cortex, where all metrics end. */
export function cortexRules({ replicationFactor }: { readonly replicationFactor: number }): Rule[] {
    return ofStore("metrics", [
        ingestionStopped,
        writesFailing({ ...CORTEX, routes: 'route=~"api_(v1|prom)_push"', example: "api_v1_push" }),
        dataRejected({
            ...CORTEX,
            what: "samples",
            rejected: "cortex_discarded_samples_total",
            received: "cortex_distributor_received_samples_total",
            label: "user",
        }),
        dataRejected({
            ...CORTEX,
            what: "exemplars",
            rejected: "cortex_discarded_exemplars_total",
            received: "cortex_distributor_received_exemplars_total",
            label: "user",
            labels: { signal: "exemplars" },
            also: "One without labels, without a time or with too many letters takes the samples of its series with it, which no counter tells.",
        }),
        ...ringRules({ ...CORTEX, replicationFactor }),
        readsFailing({ ...CORTEX, routes: 'route=~"prometheus_api_v1_.+"', example: "prometheus_api_v1_query_range" }),
        flushFailing("Cortex", NAMESPACE, "cortex_ingester_shipper_upload_failures_total", "uploads of blocks"),
        stuck({
            alert: "CompactionStuck",
            ...CORTEX,
            what: "Compaction",
            then: "Queries over days get slower and caches hold less.",
            lastSuccess: "cortex_compactor_last_successful_run_timestamp_seconds",
        }),
        stuck({
            alert: "RetentionStuck",
            ...CORTEX,
            what: "Cleaning",
            then: "Samples past their retention stay, and the object store fills.",
            lastSuccess: "cortex_compactor_block_cleanup_last_successful_run_timestamp_seconds",
        }),
        rulesFailing(CORTEX_RULER),
    ]);
}

/** Also what is seen where the elected replica of the pair is silent and no other is elected. */
const received = `cortex_distributor_received_samples_total{namespace="${NAMESPACE}"}`;

const ingestionStopped: Rule = {
    alert: "MetricsIngestionStopped",
    severity: "critical",
    expr: `${orZero(`sum(rate(${received}[5m]))`)} == 0`,
    for: "5m",
    labels: { namespace: NAMESPACE },
    summary: "Cortex takes in no samples at all",
    description:
        "Cortex has taken in {{ $value }} samples a second for 5 minutes. No replica of Prometheus reaches it, or it drops them all as copies of a replica that is silent. Prometheus keeps two hours of what it could not send.",
    firing: {
        series: { up: "1x30" },
        minute: 20,
        labels: { namespace: NAMESPACE },
        says: "Cortex has taken in 0 samples a second for 5 minutes. No replica of Prometheus reaches it, or it drops them all as copies of a replica that is silent. Prometheus keeps two hours of what it could not send.",
    },
    silent: {
        series: {
            [`cortex_distributor_received_samples_total{namespace="${NAMESPACE}",pod="a",type="float",user="prod"}`]:
                "0+600x30",
        },
        minute: 20,
    },
};

const CHANGES_AN_HOUR = 3;
const changes = `cortex_ha_tracker_elected_replica_changes_total{namespace="${NAMESPACE}"`;
/** As Prometheus' operator names a pair: its namespace and itself. */
const PAIR = `${MONITORING}/pair`;

/** Which replica of a pair of Prometheus it takes samples of. */
export const haTrackerFlapping: Rule = {
    alert: "HaTrackerFlapping",
    severity: "warning",
    // Each distributor counts what it learns of; without the label `cluster`, which is the pair's name here.
    expr: `max by (namespace, user) (increase(${changes}}[1h])) > ${CHANGES_AN_HOUR}`,
    for: "10m",
    summary: "Cortex changes between the replicas of Prometheus again and again",
    description: `Cortex elected another replica of Prometheus {{ $value | printf "%.0f" }} times within an hour for tenant {{ $labels.user }}, more than ${CHANGES_AN_HOUR} times. Each change leaves a hole of up to a minute in every metric (label ${HA_LABELS.replica}).`,
    firing: {
        series: { [`${changes},pod="a",user="prod",cluster="${PAIR}"}`]: "0+0.2x90" },
        minute: 85,
        labels: { namespace: NAMESPACE, user: "prod" },
        says: `Cortex elected another replica of Prometheus 12 times within an hour for tenant prod, more than 3 times. Each change leaves a hole of up to a minute in every metric (label ${HA_LABELS.replica}).`,
    },
    // Both replicas were replaced: one change each.
    silent: {
        series: { [`${changes},pod="a",user="prod",cluster="${PAIR}"}`]: "0x30 1x20 2x60" },
        minute: 85,
    },
};
