import { ofStore, orZero, type Rule } from "../../alerts/rule";
import { flushFailing, readsFailing, writesFailing, type Answers } from "../../alerts/store-rules";
import { MONITORING } from "../../kubernetes/namespaces";
import { NAMESPACE, RELEASE, TITLE } from "./names";

/** The job of a workload's targets, as the chart's monitors name it. */
export function job(component: string): string {
    return `${RELEASE}-${component}`;
}

/** Samples of the pushes that routers answered, by tenant and status. */
export const PUSHED = "thanos_receive_write_samples_sum";

/** What of its own shape its rules follow from. */
export interface ThanosFacts {
    /** Ingestors that keep each series. */
    readonly replicationFactor: number;
    /** Whether sidecars bring it the blocks of Prometheus: Receive has then what is pushed, which may be nothing. */
    readonly uploaded: boolean;
}

/** Thanos, where all metrics end. */
export function thanosRules({ replicationFactor, uploaded }: ThanosFacts): Rule[] {
    return ofStore("metrics", [
        ...(uploaded ? [uploadsStopped] : [ingestionStopped]),
        writesFailing(answers("receive-router", ',handler=~"receive|otlp"', "receive")),
        dataRejected,
        belowFactor(replicationFactor),
        readsFailing(answers("query-frontend", "", "query-frontend")),
        flushFailing(TITLE, NAMESPACE, "thanos_shipper_upload_failures_total", "uploads of blocks"),
        compactionStuck,
        retentionStuck,
    ]);
}

/** Requests that a workload answered, by matchers of its handlers and one of them. */
function answers(component: string, handlers: string, example: string): Answers {
    const counter = `http_requests_total{namespace="${NAMESPACE}",job="${job(component)}"`;
    return {
        store: TITLE,
        namespace: NAMESPACE,
        count: (status) => `${counter}${handlers}${status === undefined ? "" : `,code=~"${status}"`}}`,
        played: (status) => `${counter},pod="a",handler="${example}",method="post",tenant="prod",code="${status}"}`,
    };
}

const ingestionStopped: Rule = {
    alert: "MetricsIngestionStopped",
    severity: "critical",
    expr: `${orZero(`sum(rate(${PUSHED}{namespace="${NAMESPACE}",code="200"}[5m]))`)} == 0`,
    for: "5m",
    labels: { namespace: NAMESPACE },
    summary: "Thanos takes in no samples at all",
    description:
        "Thanos has taken in {{ $value }} samples a second for 5 minutes. No replica of Prometheus reaches it, or too few ingestors answer its routers. Prometheus keeps two hours of what it could not send.",
    firing: {
        series: { [`${PUSHED}{namespace="${NAMESPACE}",pod="a",code="503",tenant="prod"}`]: "0+600x30" },
        minute: 20,
        labels: { namespace: NAMESPACE },
        says: "Thanos has taken in 0 samples a second for 5 minutes. No replica of Prometheus reaches it, or too few ingestors answer its routers. Prometheus keeps two hours of what it could not send.",
    },
    silent: {
        series: { [`${PUSHED}{namespace="${NAMESPACE}",pod="a",code="200",tenant="prod"}`]: "0+600x30" },
        minute: 20,
    },
};

const uploads = `thanos_shipper_uploads_total{namespace="${MONITORING}"`;

/**
 * A block is cut each two hours, an hour late, and its place in Prometheus is deleted with Prometheus' retention. The first
 * comes three hours after a start, for which nobody is to be woken.
 */
const uploadsStopped: Rule = {
    alert: "BlockUploadsStopped",
    severity: "critical",
    expr: `${orZero(`sum(increase(${uploads}}[3h]))`)} == 0`,
    for: "4h",
    labels: { namespace: MONITORING },
    summary: "No block of Prometheus comes into the bucket",
    description:
        "The sidecars of Prometheus have uploaded {{ $value }} blocks within 3 hours, for 4 hours now, and should upload one each 2 hours. What is not uploaded when Prometheus' own retention ends is lost.",
    firing: {
        series: { [`${uploads},pod="a"}`]: "1x600" },
        minute: 500,
        labels: { namespace: MONITORING },
        says: "The sidecars of Prometheus have uploaded 0 blocks within 3 hours, for 4 hours now, and should upload one each 2 hours. What is not uploaded when Prometheus' own retention ends is lost.",
    },
    // After a start: the first block is not cut before three hours.
    silent: { series: { [`${uploads},pod="a"}`]: "0x185 1x120 2x120 3x100" }, minute: 500 },
};

const REJECTED = 0.01;

/** Samples that are refused for what they are: retrying does not help. */
const dataRejected: Rule = {
    alert: "DataRejected",
    severity: "warning",
    expr:
        `sum by (namespace, tenant, code) (rate(${PUSHED}{namespace="${NAMESPACE}",code=~"4.."}[15m])) / on (namespace, tenant) group_left () ` +
        `sum by (namespace, tenant) (rate(${PUSHED}{namespace="${NAMESPACE}"}[15m])) > ${REJECTED}`,
    for: "15m",
    summary: "Thanos rejects samples",
    description: `{{ $value | humanizePercentage }} of the samples of tenant {{ $labels.tenant }} came in pushes that Thanos answered with status {{ $labels.code }} over 15 minutes, more than ${REJECTED * 100} %. What was wrong in them is lost: sending it again does not help.`,
    firing: {
        series: {
            [`${PUSHED}{namespace="${NAMESPACE}",pod="a",code="409",tenant="prod"}`]: "0+60x60",
            [`${PUSHED}{namespace="${NAMESPACE}",pod="a",code="200",tenant="prod"}`]: "0+540x60",
        },
        minute: 50,
        labels: { namespace: NAMESPACE, tenant: "prod", code: "409" },
        says: "10% of the samples of tenant prod came in pushes that Thanos answered with status 409 over 15 minutes, more than 1 %. What was wrong in them is lost: sending it again does not help.",
    },
    // One restart of a sender: what it sends again is there already.
    silent: {
        series: {
            [`${PUSHED}{namespace="${NAMESPACE}",pod="a",code="409",tenant="prod"}`]: "0x10 60x50",
            [`${PUSHED}{namespace="${NAMESPACE}",pod="a",code="200",tenant="prod"}`]: "0+540x60",
        },
        minute: 50,
    },
};

function belowFactor(replicationFactor: number): Rule {
    const ingestor = (pod: string) => `up{namespace="${NAMESPACE}",job="${job("receive-ingestor")}",pod="${pod}"}`;
    const left = replicationFactor - 1;
    const then =
        replicationFactor === 1
            ? "Nothing is taken in."
            : "Losing one more stops all writes, and loses the newest data.";
    const others = Object.fromEntries(Array.from({ length: left }, (_, i) => [ingestor(`ingestor-${i}`), "1x40"]));
    return {
        alert: "ReplicationBelowFactor",
        severity: "critical",
        expr: `sum by (namespace) (up{namespace="${NAMESPACE}",job="${job("receive-ingestor")}"}) < ${replicationFactor}`,
        for: "15m",
        summary: `${TITLE} writes fewer copies than its replication factor`,
        description: `{{ $value }} ingestors in {{ $labels.namespace }} answer, and each series is to be on ${replicationFactor}. ${then}`,
        firing: {
            series: { ...others, [ingestor("ingestor-last")]: "0x40" },
            minute: 30,
            labels: { namespace: NAMESPACE },
            says: `${left} ingestors in ${NAMESPACE} answer, and each series is to be on ${replicationFactor}. ${then}`,
        },
        silent: { series: { ...others, [ingestor("ingestor-last")]: "1x5 0x8 1x30" }, minute: 30 },
    };
}

const HALTED =
    "compactor of Thanos has found what it must not touch and waits for a person. Copies and small blocks stay, nothing past its retention is deleted, and queries over days get slower.";

/** It stops for good where blocks do not fit together, so that nothing gets worse. */
const compactionStuck: Rule = {
    alert: "CompactionStuck",
    severity: "warning",
    expr: `sum by (namespace) (thanos_compact_halted{namespace="${NAMESPACE}"}) > 0`,
    for: "15m",
    summary: "The compactor of Thanos has halted",
    description: `{{ $value }} ${HALTED}`,
    firing: {
        series: { [`thanos_compact_halted{namespace="${NAMESPACE}",pod="a"}`]: "1x40" },
        minute: 30,
        labels: { namespace: NAMESPACE },
        says: `1 ${HALTED}`,
    },
    silent: { series: { [`thanos_compact_halted{namespace="${NAMESPACE}",pod="a"}`]: "0x40" }, minute: 30 },
};

const iterations = `thanos_compact_iterations_total{namespace="${NAMESPACE}"`;

/** Each run ends with the retention, however little there was to merge. */
const retentionStuck: Rule = {
    alert: "RetentionStuck",
    severity: "warning",
    expr: `${orZero(`sum(increase(${iterations}}[6h]))`)} == 0`,
    for: "2h",
    labels: { namespace: NAMESPACE },
    summary: "The compactor of Thanos does not get done",
    description:
        "The compactor of Thanos has ended {{ $value }} runs within 6 hours, and should end many in an hour. Samples past their retention stay, and the object store fills.",
    firing: {
        series: { [`${iterations},pod="a"}`]: "0x700" },
        minute: 600,
        labels: { namespace: NAMESPACE },
        says: "The compactor of Thanos has ended 0 runs within 6 hours, and should end many in an hour. Samples past their retention stay, and the object store fills.",
    },
    silent: { series: { [`${iterations},pod="a"}`]: "0+1x700" }, minute: 600 },
};
