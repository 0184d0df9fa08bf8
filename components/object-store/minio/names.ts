import type { StoreRole } from "../../contracts/object-store";

/** Names in the cluster that values and resources have to agree on. */
export const NAMESPACE = "minio";
export const RELEASE = "minio";
export const API_PORT = 9000;
/** Labels of the servers' pods. */
export const LABELS = { app: "minio", release: RELEASE };

/** Root's credentials, and the access keys: the one Secret of which the chart's job sees every key, as `/config/<key>`. */
export const ROOT_SECRET = "minio-root";

/** A store's own users, and those that only read its buckets: see users.ts for why there are two. */
export type UserName = `${StoreRole}${"" | "-reader"}${"" | "-even"}`;

/** Key in the root Secret that holds a user's access key. */
export function accessKeyEntry(user: UserName): string {
    return `accessKey-${user}`;
}

/** Secret with a user's secret key. */
export function userSecret(user: UserName): string {
    return `minio-user-${user}`;
}

export const SECRET_KEY_ENTRY = "secretKey";
