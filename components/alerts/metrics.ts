import { HA_LABELS, NAMESPACE } from "../metrics/cortex/names";
import { MONITORING } from "../kubernetes/namespaces";
import { PROMETHEUS } from "../monitoring/kube-prometheus-stack/names";
import type { AlertFacts } from "./facts";
import { ofStore, orZero, share, type Rule } from "./rule";
import { rulesFailing } from "./rulers";
import { dataRejected, flushFailing, readsFailing, ringRules, stuck, writesFailing } from "./store-rules";

const CORTEX = { store: "Cortex", namespace: NAMESPACE, prefix: "cortex" } as const;

/** Cortex, where all metrics end. */
export function metricsStoreRules({ metrics }: AlertFacts): Rule[] {
    return ofStore(CORTEX.prefix, [
        ingestionStopped,
        writesFailing({ ...CORTEX, routes: 'route=~"api_(v1|prom)_push"', example: "api_v1_push" }),
        dataRejected({
            ...CORTEX,
            what: "samples",
            rejected: "cortex_discarded_samples_total",
            received: "cortex_distributor_received_samples_total",
            label: "user",
        }),
        ...ringRules({ ...CORTEX, replicationFactor: metrics.replicationFactor }),
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
        rulesFailing(CORTEX),
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

/** Prometheus, and everybody else who writes metrics remotely: Tempo's metrics generators. */
export function remoteWriteRules(facts: AlertFacts): Rule[] {
    return [remoteWriteBehind, samplesLost, ...pairRules(facts.prometheus)];
}

const BEHIND_SECONDS = 600;
const sender = `namespace="${MONITORING}",pod="prometheus-${PROMETHEUS}-0",remote_name="metrics-store",url="http://x"`;

const remoteWriteBehind: Rule = {
    alert: "RemoteWriteBehind",
    severity: "critical",
    expr:
        "max by (namespace, pod) (max_over_time(prometheus_remote_storage_queue_highest_timestamp_seconds[5m])" +
        ` - max_over_time(prometheus_remote_storage_queue_highest_sent_timestamp_seconds[5m])) > ${BEHIND_SECONDS}`,
    for: "5m",
    summary: "Metrics reach Cortex late",
    description: `{{ $labels.pod }} in {{ $labels.namespace }} is {{ $value | humanizeDuration }} behind in sending to Cortex, more than ${BEHIND_SECONDS / 60} minutes. What is two hours old and unsent is lost.`,
    firing: {
        series: {
            [`prometheus_remote_storage_queue_highest_timestamp_seconds{${sender}}`]: "0+60x60",
            [`prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${sender}}`]: "0+30x60",
        },
        minute: 40,
        labels: { namespace: MONITORING, pod: `prometheus-${PROMETHEUS}-0` },
        says: `prometheus-${PROMETHEUS}-0 in ${MONITORING} is 20m 0s behind in sending to Cortex, more than 10 minutes. What is two hours old and unsent is lost.`,
    },
    silent: {
        series: {
            [`prometheus_remote_storage_queue_highest_timestamp_seconds{${sender}}`]: "0+60x60",
            [`prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${sender}}`]: "0x5 0+60x60",
        },
        minute: 40,
    },
};

const LOST = 0.01;

const samplesLost: Rule = {
    alert: "SamplesLost",
    severity: "critical",
    expr: `${share("prometheus_remote_storage_samples_failed_total", "prometheus_remote_storage_samples_total")} > ${LOST}`,
    for: "15m",
    summary: "Metrics are refused by Cortex and given up",
    description: `{{ $value | humanizePercentage }} of the samples that {{ $labels.namespace }} sent to Cortex were refused for good over 5 minutes, more than ${LOST * 100} %. They are lost.`,
    firing: {
        series: {
            [`prometheus_remote_storage_samples_failed_total{${sender}}`]: "0+5x60",
            [`prometheus_remote_storage_samples_total{${sender}}`]: "0+100x60",
        },
        minute: 40,
        labels: { namespace: MONITORING },
        says: `5% of the samples that ${MONITORING} sent to Cortex were refused for good over 5 minutes, more than 1 %. They are lost.`,
    },
    silent: {
        series: {
            [`prometheus_remote_storage_samples_failed_total{${sender}}`]: "0x20 5x60",
            [`prometheus_remote_storage_samples_total{${sender}}`]: "0+100x60",
        },
        minute: 40,
    },
};

const CHANGES_AN_HOUR = 3;

/** Rules that a single Prometheus has no use for. */
function pairRules({ replicas }: AlertFacts["prometheus"]): Rule[] {
    if (replicas < 2) return [];
    const up = (pod: number) =>
        `up{namespace="${MONITORING}",job="${PROMETHEUS}",endpoint="http-web",pod="prometheus-${PROMETHEUS}-${pod}"}`;
    const left = replicas - 1;
    const changes = `cortex_ha_tracker_elected_replica_changes_total{namespace="${NAMESPACE}"`;
    return [
        {
            alert: "PrometheusReplicaDown",
            severity: "warning",
            expr: `sum by (namespace) (up{namespace="${MONITORING}",job="${PROMETHEUS}",endpoint="http-web"}) < ${replicas}`,
            for: "15m",
            summary: "A replica of Prometheus is down",
            description: `{{ $value }} of ${replicas} replicas of Prometheus are up. Losing the last one leaves no new metrics, and nobody who evaluates alerts: only the heartbeat would tell.`,
            firing: {
                series: { [up(0)]: "1x30", [up(1)]: "1x5 0x30" },
                minute: 25,
                labels: { namespace: MONITORING },
                says: `${left} of ${replicas} replicas of Prometheus are up. Losing the last one leaves no new metrics, and nobody who evaluates alerts: only the heartbeat would tell.`,
            },
            silent: { series: { [up(0)]: "1x30", [up(1)]: "1x5 0x10 1x30" }, minute: 25 },
        },
        {
            alert: "HaTrackerFlapping",
            severity: "warning",
            // Each distributor counts what it learns of; without the label `cluster`, which is the pair's name here.
            expr: `max by (namespace, user) (increase(${changes}}[1h])) > ${CHANGES_AN_HOUR}`,
            for: "10m",
            summary: "Cortex changes between the replicas of Prometheus again and again",
            description: `Cortex elected another replica of Prometheus {{ $value | printf "%.0f" }} times within an hour for tenant {{ $labels.user }}, more than ${CHANGES_AN_HOUR} times. Each change leaves a hole of up to a minute in every metric (label ${HA_LABELS.replica}).`,
            firing: {
                series: { [`${changes},pod="a",user="prod",cluster="${MONITORING}/${PROMETHEUS}"}`]: "0+0.2x90" },
                minute: 85,
                labels: { namespace: NAMESPACE, user: "prod" },
                says: `Cortex elected another replica of Prometheus 12 times within an hour for tenant prod, more than 3 times. Each change leaves a hole of up to a minute in every metric (label ${HA_LABELS.replica}).`,
            },
            // Both replicas were replaced: one change each.
            silent: {
                series: { [`${changes},pod="a",user="prod",cluster="${MONITORING}/${PROMETHEUS}"}`]: "0x30 1x20 2x60" },
                minute: 85,
            },
        },
    ];
}
