import type { StoreName } from "../contracts";

/** Names in the cluster that values and resources have to agree on. */
export const NAMESPACE = "minio";
export const RELEASE = "minio";
export const API_PORT = 9000;

/** Root's credentials, and the access keys: the one Secret of which the chart's job sees every key, as `/config/<key>`. */
export const ROOT_SECRET = "minio-root";

/** Key in the root Secret that holds a store's access key. */
export function accessKeyEntry(store: StoreName): string {
    return `accessKey-${store}`;
}

/** Secret with a store's secret key. */
export function userSecret(store: StoreName): string {
    return `minio-user-${store}`;
}

export const SECRET_KEY_ENTRY = "secretKey";
