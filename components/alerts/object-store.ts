import { NAMESPACE as CORTEX } from "../metrics/cortex/names";
import { NAMESPACE as LOKI } from "../logs/loki/names";
import { NAMESPACE as MINIO } from "../object-store/minio/names";
import { NAMESPACE as TEMPO } from "../traces/tempo/names";
import type { AlertFacts } from "./facts";
import { share, type Rule } from "./rule";

/** The object store as its users see it, and MinIO from inside where it is this platform's own. */
export function objectStoreRules({ minio }: AlertFacts): Rule[] {
    return [failing, slow, ...(minio ? [driveOffline, fillingUp, nearlyFull] : [])];
}

const FAILED = 0.05;
const operations = (status: string) => `loki_s3_request_duration_seconds_count{namespace="${LOKI}"${status}}`;
const calls = (status: string) => `tempodb_backend_request_duration_seconds_count{namespace="${TEMPO}"${status}}`;

/** Each store counts its own calls; an outside S3 is seen in no other way. */
const failing: Rule = {
    alert: "ObjectStoreFailing",
    severity: "critical",
    expr: [
        share(
            `thanos_objstore_bucket_operation_failures_total{namespace="${CORTEX}"}`,
            `thanos_objstore_bucket_operations_total{namespace="${CORTEX}"}`,
        ),
        share(operations(',status_code=~"5.."'), operations("")),
        share(calls(',status_code=~"5.."'), calls("")),
    ]
        .map((part) => `${part} > ${FAILED}`)
        .join(" or "),
    for: "10m",
    summary: "The object store fails calls of the stores",
    description: `{{ $value | humanizePercentage }} of the calls of {{ $labels.namespace }} to the object store failed over 5 minutes, more than ${FAILED * 100} %. Ingesters keep what they cannot flush until their volumes are full; what is older cannot be read.`,
    firing: {
        series: {
            [`loki_s3_request_duration_seconds_count{namespace="${LOKI}",pod="a",operation="S3.PutObject",status_code="500"}`]:
                "0+10x40",
            [`loki_s3_request_duration_seconds_count{namespace="${LOKI}",pod="a",operation="S3.PutObject",status_code="200"}`]:
                "0+90x40",
        },
        minute: 30,
        labels: { namespace: LOKI },
        says: `10% of the calls of ${LOKI} to the object store failed over 5 minutes, more than 5 %. Ingesters keep what they cannot flush until their volumes are full; what is older cannot be read.`,
    },
    silent: {
        series: {
            [`thanos_objstore_bucket_operation_failures_total{namespace="${CORTEX}",pod="a",operation="get",bucket="b"}`]:
                "0+1x40",
            [`thanos_objstore_bucket_operations_total{namespace="${CORTEX}",pod="a",operation="get",bucket="b"}`]:
                "0+100x40",
        },
        minute: 30,
    },
};

const SLOW_SECONDS = 5;

/** Reads only: how long a write takes is the size of what is written. */
const reads = [
    `thanos_objstore_bucket_operation_duration_seconds_bucket{namespace="${CORTEX}",operation=~"get|get_range"}`,
    `loki_s3_request_duration_seconds_bucket{namespace="${LOKI}",operation="S3.GetObject"}`,
    `tempodb_backend_request_duration_seconds_bucket{namespace="${TEMPO}",operation="GET"}`,
];

const slowSeries = (le: string) =>
    `tempodb_backend_request_duration_seconds_bucket{namespace="${TEMPO}",pod="a",operation="GET",status_code="200",le="${le}"}`;

const slow: Rule = {
    alert: "ObjectStoreSlow",
    severity: "warning",
    expr: reads
        .map((read) => `histogram_quantile(0.95, sum by (namespace, le) (rate(${read}[15m]))) > ${SLOW_SECONDS}`)
        .join(" or "),
    for: "30m",
    summary: "The object store answers slowly",
    description: `One in twenty reads of {{ $labels.namespace }} from the object store takes {{ $value | humanizeDuration }} or longer, for 30 minutes more than ${SLOW_SECONDS} seconds. Queries beyond the last hours are slow or time out.`,
    firing: {
        series: { [slowSeries("4")]: "0x90", [slowSeries("8")]: "0+60x90", [slowSeries("+Inf")]: "0+60x90" },
        minute: 80,
        labels: { namespace: TEMPO },
        says: `One in twenty reads of ${TEMPO} from the object store takes 7.8s or longer, for 30 minutes more than 5 seconds. Queries beyond the last hours are slow or time out.`,
    },
    silent: {
        series: { [slowSeries("1")]: "0+60x90", [slowSeries("8")]: "0+60x90", [slowSeries("+Inf")]: "0+60x90" },
        minute: 80,
    },
};

const cluster = (metric: string) => `minio_cluster_${metric}{namespace="${MINIO}",server="minio-0"}`;
/** Each server answers for all, some of them a moment late. */
const worst = (metric: string) => `max by (namespace) (minio_cluster_${metric}{namespace="${MINIO}"})`;
const least = (metric: string) => `min by (namespace) (minio_cluster_${metric}{namespace="${MINIO}"})`;

const driveOffline: Rule = {
    alert: "ObjectStoreDriveOffline",
    severity: "critical",
    expr: `${worst("drive_offline_total")} > 0`,
    for: "15m",
    summary: "Drives of MinIO are offline",
    description:
        "{{ $value }} drives of MinIO have been offline for 15 minutes. What is written now lacks a part; beyond the parity of the erasure sets writes stop, then reads.",
    firing: {
        series: { [cluster("drive_offline_total")]: "2x40" },
        minute: 30,
        labels: { namespace: MINIO },
        says: "2 drives of MinIO have been offline for 15 minutes. What is written now lacks a part; beyond the parity of the erasure sets writes stop, then reads.",
    },
    // A server that restarts.
    silent: { series: { [cluster("drive_offline_total")]: "0x10 2x10 0x40" }, minute: 30 },
};

const SOON_DAYS = 7;
const SPARE = 0.3;
const free = `${least("capacity_usable_free_bytes")} / ${worst("capacity_usable_total_bytes")}`;
const space = (freeBytes: string) => ({
    [cluster("capacity_usable_free_bytes")]: freeBytes,
    [cluster("capacity_usable_total_bytes")]: "1000x1500",
});

const fillingUp: Rule = {
    alert: "ObjectStoreFillingUp",
    severity: "warning",
    // A day's growth, so that a compaction's ups and downs do not count.
    expr:
        `${free} < ${SPARE} and min by (namespace) ` +
        `(predict_linear(minio_cluster_capacity_usable_free_bytes{namespace="${MINIO}"}[1d], ${SOON_DAYS} * 86400)) < 0`,
    for: "1h",
    summary: "The object store will be full within a week",
    description: `{{ $value | humanizePercentage }} of MinIO are free, and at the last day's growth none will be in ${SOON_DAYS} days. A full object store takes no flushes, and then nothing is taken in.`,
    firing: {
        series: space("400-0.1x1500"),
        minute: 1450,
        labels: { namespace: MINIO },
        says: "25.5% of MinIO are free, and at the last day's growth none will be in 7 days. A full object store takes no flushes, and then nothing is taken in.",
    },
    silent: { series: space("255x1500"), minute: 1450 },
};

const LEAST_FREE = 0.1;

const nearlyFull: Rule = {
    alert: "ObjectStoreNearlyFull",
    severity: "critical",
    expr: `${free} < ${LEAST_FREE}`,
    for: "15m",
    summary: "The object store is nearly full",
    description: `{{ $value | humanizePercentage }} of MinIO are free, less than ${LEAST_FREE * 100} %. A full object store takes no flushes, and then nothing is taken in.`,
    firing: {
        series: space("80x60"),
        minute: 30,
        labels: { namespace: MINIO },
        says: "8% of MinIO are free, less than 10 %. A full object store takes no flushes, and then nothing is taken in.",
    },
    silent: { series: space("120x60"), minute: 30 },
};
