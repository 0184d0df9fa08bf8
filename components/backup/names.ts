import type { StoreRole } from "../contracts/object-store";

/** Names that objects, alerts and pages have to agree on. */
export const NAMESPACE = "backup";
export const SCRIPTS = "backup-scripts";

/** Secret with the keys of the second S3, where the settings hold them. */
export const TARGET_SECRET = "backup-target";
/** Keys in every Secret here, also in one that already exists. */
export const ENTRIES = { accessKeyId: "accessKeyId", secretAccessKey: "secretAccessKey" } as const;

/** The CronJob that copies a store's buckets. */
export function copyJob(store: StoreRole): string {
    return `copy-${store}`;
}

/** The CronJob, never started by itself, of which a restore is made by hand. */
export function restoreJob(store: StoreRole): string {
    return `restore-${store}`;
}

export function readerSecret(store: StoreRole): string {
    return `reader-${store}`;
}

export function writerSecret(store: StoreRole): string {
    return `writer-${store}`;
}
