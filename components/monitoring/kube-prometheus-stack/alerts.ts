import { share, type Rule } from "../../alerts/rule";
import { MONITORING } from "../../kubernetes/namespaces";
import { PROMETHEUS } from "./names";

export interface RemoteWriteFacts {
    /** Of Prometheus. */
    readonly replicas: number;
    /** The metrics store as people call it. */
    readonly metricsStore: string;
    /** How old an unsent sample may become, in words; two hours by Prometheus' own settings. */
    readonly unsentFor?: string | undefined;
    /** Samples of a scrape beyond which Prometheus takes none of them. */
    readonly samplesPerScrape?: number | undefined;
}

/** Prometheus, and everybody else who writes to the metrics store remotely, metrics generators for example. */
export function remoteWriteRules({ replicas, metricsStore, unsentFor, samplesPerScrape }: RemoteWriteFacts): Rule[] {
    // A single Prometheus has no pair of which one could be missing.
    const pair = replicas < 2 ? [] : [replicaDown(replicas)];
    const limit = samplesPerScrape === undefined ? [] : [targetTooLarge(samplesPerScrape)];
    return [
        ...[remoteWriteBehind(metricsStore, unsentFor), samplesLost(metricsStore), histogramsLost(metricsStore)],
        ...pair,
        ...limit,
    ];
}

/** Prometheus counts all samples of a scrape that it then throws away, with the target's labels. */
function targetTooLarge(limit: number): Rule {
    const series = (value: number) => ({
        [`scrape_samples_post_metric_relabeling{namespace="shop",job="till",pod="a"}`]: `${value}x30`,
    });
    const says = (job: string, namespace: string, value: string) =>
        `A target of the job ${job} in the namespace ${namespace} has ${value} samples, more than the ${limit} that a scrape may have (kubePrometheusStack.prometheus.samplesPerScrape). Nothing of it is kept.`;
    return {
        alert: "TargetOverSampleLimit",
        severity: "warning",
        expr: `max by (namespace, job) (scrape_samples_post_metric_relabeling) > ${limit}`,
        for: "10m",
        summary: "A target has more samples than it may",
        description: says("{{ $labels.job }}", "{{ $labels.namespace }}", "{{ $value }}"),
        firing: {
            series: series(limit + 1),
            minute: 20,
            labels: { namespace: "shop", job: "till" },
            says: says("till", "shop", String(limit + 1)),
        },
        silent: { series: series(limit), minute: 20 },
    };
}

const BEHIND_SECONDS = 600;
const sender = `namespace="${MONITORING}",pod="prometheus-${PROMETHEUS}-0",remote_name="metrics-store",url="http://x"`;

function remoteWriteBehind(metricsStore: string, unsentFor = "two hours"): Rule {
    return {
        alert: "RemoteWriteBehind",
        severity: "critical",
        expr:
            "max by (namespace, pod) (max_over_time(prometheus_remote_storage_queue_highest_timestamp_seconds[5m])" +
            ` - max_over_time(prometheus_remote_storage_queue_highest_sent_timestamp_seconds[5m])) > ${BEHIND_SECONDS}`,
        for: "5m",
        summary: `Metrics reach ${metricsStore} late`,
        description: `{{ $labels.pod }} in {{ $labels.namespace }} is {{ $value | humanizeDuration }} behind in sending to ${metricsStore}, more than ${BEHIND_SECONDS / 60} minutes. What is unsent for ${unsentFor} is lost.`,
        firing: {
            series: {
                [`prometheus_remote_storage_queue_highest_timestamp_seconds{${sender}}`]: "0+60x60",
                [`prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${sender}}`]: "0+30x60",
            },
            minute: 40,
            labels: { namespace: MONITORING, pod: `prometheus-${PROMETHEUS}-0` },
            says: `prometheus-${PROMETHEUS}-0 in ${MONITORING} is 20m 0s behind in sending to ${metricsStore}, more than 10 minutes. What is unsent for ${unsentFor} is lost.`,
        },
        silent: {
            series: {
                [`prometheus_remote_storage_queue_highest_timestamp_seconds{${sender}}`]: "0+60x60",
                [`prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${sender}}`]: "0x5 0+60x60",
            },
            minute: 40,
        },
    };
}

const LOST = 0.01;

/** A push with an exemplar that is refused counts as failed with all of its samples, which are stored nevertheless. */
function samplesLost(metricsStore: string): Rule {
    return {
        alert: "SamplesLost",
        severity: "critical",
        expr: `${share("prometheus_remote_storage_samples_failed_total", "prometheus_remote_storage_samples_total")} > ${LOST}`,
        for: "15m",
        summary: `Metrics are refused by ${metricsStore} and given up`,
        description: `{{ $value | humanizePercentage }} of the samples that {{ $labels.namespace }} sent to ${metricsStore} were in pushes that were refused for good over 5 minutes, more than ${LOST * 100} %. They are lost, unless it was for an exemplar.`,
        firing: {
            series: {
                [`prometheus_remote_storage_samples_failed_total{${sender}}`]: "0+5x60",
                [`prometheus_remote_storage_samples_total{${sender}}`]: "0+100x60",
            },
            minute: 40,
            labels: { namespace: MONITORING },
            says: `5% of the samples that ${MONITORING} sent to ${metricsStore} were in pushes that were refused for good over 5 minutes, more than 1 %. They are lost, unless it was for an exemplar.`,
        },
        silent: {
            series: {
                // A first start: exemplars come before the samples of their series, for some minutes.
                [`prometheus_remote_storage_samples_failed_total{${sender}}`]: "0x25 50+50x5 300x60",
                [`prometheus_remote_storage_samples_total{${sender}}`]: "0+100x60",
            },
            minute: 40,
        },
    };
}

/** Of remote write's first version, which knows no buckets of one's own choice: Prometheus drops such histograms before it sends. */
const DROPPED = "prometheus_remote_storage_histograms_dropped_total";
const FAILED = "prometheus_remote_storage_histograms_failed_total";

/** No share: a single metric whose histograms never arrive is a dashboard that is empty for good. */
function histogramsLost(metricsStore: string): Rule {
    const perSecond = [DROPPED, FAILED].map((metric) => `sum by (namespace) (rate(${metric}[15m]))`);
    return {
        alert: "HistogramsLost",
        severity: "warning",
        expr: `${perSecond.join(" + ")} > 0`,
        for: "15m",
        summary: `Native histograms do not reach ${metricsStore}`,
        description: `{{ $value | printf "%.1f" }} native histograms a second of {{ $labels.namespace }} were dropped before they were sent to ${metricsStore}, or refused by it for good. They are lost, and with them their buckets, sums and counts.`,
        firing: {
            series: {
                [`${DROPPED}{${sender},reason="nhcb_in_rw1_not_supported"}`]: "0+60x60",
                [`${FAILED}{${sender}}`]: "0x60",
            },
            minute: 40,
            labels: { namespace: MONITORING },
            says: `1.0 native histograms a second of ${MONITORING} were dropped before they were sent to ${metricsStore}, or refused by it for good. They are lost, and with them their buckets, sums and counts.`,
        },
        silent: {
            series: { [`${DROPPED}{${sender},reason="too_old"}`]: "0x20 60x60", [`${FAILED}{${sender}}`]: "0x80" },
            minute: 40,
        },
    };
}

function replicaDown(replicas: number): Rule {
    const up = (pod: number) =>
        `up{namespace="${MONITORING}",job="${PROMETHEUS}",endpoint="http-web",pod="prometheus-${PROMETHEUS}-${pod}"}`;
    const left = replicas - 1;
    return {
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
    };
}
