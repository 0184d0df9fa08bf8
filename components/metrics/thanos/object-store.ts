import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { BUCKET_KEYS } from "../../kubernetes/credentials";
import { S3_SECRET } from "./names";
import type { ThanosValuesArgs } from "./values-args";

type Args = Pick<ThanosValuesArgs, "objectStore" | "settings">;

/** `objstore.yaml`. No keys: without them the client takes those of its environment, so that this holds no secret. */
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

/** What every pod that opens the bucket has: the key pair, and what rolls it when one of both changes. */
export function opensBucket(args: ThanosValuesArgs) {
    const configuration = createHash("sha256").update(objectStoreConfig(args)).digest("hex").slice(0, 16);
    return {
        podAnnotations: {
            "observability-platform/configuration": configuration,
            "observability-platform/credentials-rotation": String(args.credentialsRotation),
        },
        extraEnv: Object.values(BUCKET_KEYS).map((key) => ({
            name: key,
            valueFrom: { secretKeyRef: { name: S3_SECRET, key } },
        })),
    };
}
