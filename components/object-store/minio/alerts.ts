import type { Rule } from "../../alerts/rule";
import type { Inhibition } from "../../contracts/system";
import { NAMESPACE } from "./names";

/** MinIO from inside; its clients see it from outside. */
export function minioRules(): Rule[] {
    return [driveOffline, fillingUp, nearlyFull];
}

/** A store that is nearly full has been filling up. */
export const minioInhibition: Inhibition = {
    source: "ObjectStoreNearlyFull",
    targets: ["ObjectStoreFillingUp"],
    equal: ["cluster"],
};

const cluster = (metric: string) => `minio_cluster_${metric}{namespace="${NAMESPACE}",server="minio-0"}`;
/** Each server answers for all, some of them a moment late. */
const worst = (metric: string) => `max by (namespace) (minio_cluster_${metric}{namespace="${NAMESPACE}"})`;
const least = (metric: string) => `min by (namespace) (minio_cluster_${metric}{namespace="${NAMESPACE}"})`;

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
        labels: { namespace: NAMESPACE },
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
        `(predict_linear(minio_cluster_capacity_usable_free_bytes{namespace="${NAMESPACE}"}[1d], ${SOON_DAYS} * 86400)) < 0`,
    for: "1h",
    summary: "The object store will be full within a week",
    description: `{{ $value | humanizePercentage }} of MinIO are free, and at the last day's growth none will be in ${SOON_DAYS} days. A full object store takes no flushes, and then nothing is taken in.`,
    firing: {
        series: space("400-0.1x1500"),
        minute: 1450,
        labels: { namespace: NAMESPACE },
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
        labels: { namespace: NAMESPACE },
        says: "8% of MinIO are free, less than 10 %. A full object store takes no flushes, and then nothing is taken in.",
    },
    silent: { series: space("120x60"), minute: 30 },
};
