import type * as pulumi from "@pulumi/pulumi";
import type { BucketRequest, ObjectStore } from "../contracts/object-store";
import type { PlatformSettings } from "../settings/platform";
import { MinIO } from "./minio/minio";
import { S3 } from "./s3/s3";
import type { ObjectStoreSettings } from "./settings";

export interface ObjectStoreArgs {
    readonly platform: PlatformSettings;
    readonly settings: ObjectStoreSettings;
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
export function makeObjectStore(args: ObjectStoreArgs, opts: pulumi.ComponentResourceOptions): ObjectStore {
    const { platform, settings, requests } = args;
    switch (settings.kind) {
        case "minio":
            return new MinIO("minio", { ...args, settings }, opts);
        case "s3":
            return new S3("s3", { platform, settings, requests }, opts);
    }
}
