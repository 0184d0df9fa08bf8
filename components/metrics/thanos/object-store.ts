import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { rotationAnnotation } from "../../contracts/object-store";
import { BUCKET_KEYS } from "../../kubernetes/credentials";
import { S3_SECRET } from "./names";
import type { ThanosValuesArgs } from "./values-args";

type Args = Pick<ThanosValuesArgs, "objectStore" | "settings">;

/**
 * `objstore.yaml`. No keys: without them the client takes those of its environment, and where that has none, what the cloud
 * gives for the pod's service account. So this holds no secret.
 */
export function objectStoreConfig({ objectStore, settings }: Args): string {
    return stringify({
        type: "S3",
        config: {
            bucket: settings.buckets.blocks,
            endpoint: objectStore.endpoint,
            region: objectStore.region,
            insecure: !objectStore.tls,
            bucket_lookup_type: objectStore.pathStyle ? "path" : "virtual-hosted",
        },
    });
}

/** What every pod that opens the bucket has: a key pair or an account, and what rolls it when bucket or pair change. */
export function opensBucket(args: ThanosValuesArgs) {
    const { access } = args;
    const configuration = createHash("sha256").update(objectStoreConfig(args)).digest("hex").slice(0, 16);
    return {
        podAnnotations: {
            "observability-platform/configuration": configuration,
            ...rotationAnnotation(access),
        },
        extraEnv:
            access.rotation === undefined
                ? []
                : Object.values(BUCKET_KEYS).map((key) => ({
                      name: key,
                      valueFrom: { secretKeyRef: { name: S3_SECRET, key } },
                  })),
        serviceAccount: { annotations: access.accountAnnotations },
    };
}
