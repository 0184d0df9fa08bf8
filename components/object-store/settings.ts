import { z } from "zod";
import type { BucketGrant, BucketRequest, EachStore, StoreName } from "../contracts/contracts";
import { minioDefaults, minioRules, minioSettings } from "./minio/settings";
import { outsideS3Defaults, outsideS3Rules, outsideS3Settings } from "./s3/settings";
import type { Survives } from "../kubernetes/placement";
import type { PlatformSettings } from "../settings/platform";
import { about } from "../settings/types";
import type { SettingsProblem } from "../settings/problem";

/** Where the stores keep their data: MinIO in this cluster, or an S3 API outside of this stack. */
export const objectStoreSettings = z
    .discriminatedUnion("kind", [minioSettings, outsideS3Settings])
    .register(about, { allowed: "kind: minio or s3", example: "{ kind: minio }" });

export type ObjectStoreSettings = z.infer<typeof objectStoreSettings>;

/** Defaults of the kind that is given; MinIO where none is. */
export function objectStoreDefaults(survives: Survives, given: Record<string, unknown>): object {
    return given.kind === "s3" ? outsideS3Defaults() : minioDefaults(survives);
}

export function objectStoreRules(settings: ObjectStoreSettings, platform: PlatformSettings): SettingsProblem[] {
    return settings.kind === "minio" ? minioRules(settings, platform) : outsideS3Rules(settings);
}

/** What each store is granted, from what each asked for. */
export function grantEach<Grant extends BucketGrant>(
    requests: readonly BucketRequest[],
    grant: (request: BucketRequest) => Grant,
): EachStore<Grant> {
    const asked = (store: StoreName) => requests.find((candidate) => candidate.store === store);
    const of = (store: StoreName): Grant => {
        const request = asked(store);
        if (request === undefined) throw new Error(`The object store got no bucket request from ${store}.`);
        return grant(request);
    };
    const stores = { cortex: of("cortex"), loki: of("loki"), tempo: of("tempo") };
    return asked("postgres") === undefined ? stores : { ...stores, postgres: of("postgres") };
}
