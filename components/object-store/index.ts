import type * as pulumi from "@pulumi/pulumi";
import type { BucketRequest, ObjectStore } from "../contracts/object-store";
import { maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import { MinIO } from "./minio/minio";
import { S3 } from "./s3/s3";
import type { objectStoreKinds } from "./settings";

/** What every object store is given, beside its settings. */
export interface ObjectStoreArgs {
    readonly platform: PlatformSettings;
    /** One from each role that has buckets. */
    readonly requests: readonly BucketRequest[];
    /** Whether somebody copies the buckets, with key pairs that only read. */
    readonly readOnly: boolean;
    /** Namespaces whose pods may use the S3 API. */
    readonly consumers: readonly string[];
    /** The definitions of ServiceMonitor and Probe. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** The object store that the settings choose. */
export const makeObjectStore = maker<typeof objectStoreKinds, ObjectStoreArgs, ObjectStore>({
    minio: (args, opts) => new MinIO("minio", args, opts),
    s3: (args, opts) => new S3("s3", args, opts),
});
