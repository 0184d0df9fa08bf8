import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACE as BACKUP } from "../backup/names";
import type { BucketRequest, ObjectStore } from "../contracts/contracts";
import { cortexBuckets } from "../metrics/cortex/settings";
import { lokiBuckets } from "../logs/loki/loki";
import { MinIO } from "./minio/minio";
import { OutsideS3 } from "./s3/s3";
import { archiveBucket } from "../database/postgres/archive-settings";
import { DATABASE_NAMESPACE } from "../database/postgres/names";
import type { Settings } from "../platform/settings";
import { tempoBuckets } from "../traces/tempo/settings";

/** Namespaces of the stores; also what other systems call them by. */
const STORES = ["cortex", "loki", "tempo"] as const;

/** The object store that the settings choose, with what every store asks of it. */
export function makeObjectStore(
    settings: Settings,
    monitoringCrds: pulumi.Resource[],
    opts: pulumi.ComponentResourceOptions,
): ObjectStore {
    const requests: BucketRequest[] = [
        cortexBuckets(settings.cortex),
        lokiBuckets(settings.loki),
        tempoBuckets(settings.tempo),
        ...(settings.postgres.backup ? [archiveBucket(settings.postgres.backup)] : []),
    ];
    const { platform, objectStore } = settings;
    if (objectStore.kind === "s3") return new OutsideS3("outside-s3", { settings: objectStore, requests }, opts);
    const readers = settings.backup.target !== undefined;
    const consumers = [
        ...STORES,
        ...(settings.postgres.backup ? [DATABASE_NAMESPACE] : []),
        ...(readers ? [BACKUP] : []),
    ];
    return new MinIO("minio", { platform, settings: objectStore, requests, readers, consumers, monitoringCrds }, opts);
}
