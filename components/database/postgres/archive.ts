import type { BucketGrant, ObjectStore } from "../../contracts/object-store";
import { BUCKET_KEYS } from "../../kubernetes/credentials";
import { resources } from "../../kubernetes/resources";
import type { ArchiveSettings } from "./archive-settings";
import { ARCHIVE_SECRET, CLUSTERS, DATABASE_NAMESPACE as namespace, PLUGIN, type ClusterNames } from "./names";
import type { ClusterSettings } from "./settings";

type Archive = Pick<ClusterNames, "archive">;

/** The archive in the words of the plugin, as a parameter of whoever writes to it or reads from it. */
function parameters(folder: string, { archive }: Archive) {
    return { barmanObjectName: archive, serverName: folder };
}

/** Has every instance archive its log, by a container of the plugin beside it. */
export function archiver({ backup }: Pick<ClusterSettings, "backup">, names: Archive) {
    if (backup === undefined) return {};
    return { plugins: [{ name: PLUGIN, isWALArchiver: true, parameters: parameters(backup.archive, names) }] };
}

const SOURCE = "archive";

/**
 * What a new cluster begins with: an empty database, or one out of an archive. The operator reads it once, when the
 * first instance is made; of a cluster that stands it may change without effect.
 */
export function beginning({ recoverFrom }: Pick<ClusterSettings, "recoverFrom">, names: ClusterNames) {
    const { database, ownerSecret } = names;
    const own = { database, owner: database, secret: { name: ownerSecret } };
    if (recoverFrom === undefined) return { bootstrap: { initdb: own } };
    const { archive, at } = recoverFrom;
    return {
        bootstrap: {
            recovery: { source: SOURCE, ...own, ...(at !== undefined && { recoveryTarget: { targetTime: at } }) },
        },
        externalClusters: [{ name: SOURCE, plugin: { name: PLUGIN, parameters: parameters(archive, names) } }],
    };
}

function keyPair() {
    const key = (entry: string) => ({ name: ARCHIVE_SECRET, key: entry });
    return { accessKeyId: key(BUCKET_KEYS.accessKeyId), secretAccessKey: key(BUCKET_KEYS.secretAccessKey) };
}

/** Where the archive is (`barmancloud.cnpg.io/v1`, kind `ObjectStore`). */
export function buildArchive(
    { bucket, retentionDays }: ArchiveSettings,
    { endpoint, tls, region }: Pick<ObjectStore, "endpoint" | "tls" | "region">,
    { keys }: Pick<BucketGrant, "keys">,
    { archive }: Archive = CLUSTERS.grafana,
) {
    return {
        metadata: { name: archive, namespace },
        spec: {
            retentionPolicy: `${retentionDays}d`,
            configuration: {
                destinationPath: `s3://${bucket}/`,
                endpointURL: `${tls ? "https" : "http"}://${endpoint}`,
                s3Credentials: keys === undefined ? { inheritFromIAMRole: true } : keyPair(),
                wal: { compression: "gzip" },
                data: { compression: "gzip" },
            },
            instanceSidecarConfiguration: {
                env: [
                    { name: "AWS_DEFAULT_REGION", value: region },
                    // Its client sends checksums by default that not every S3 takes.
                    { name: "AWS_REQUEST_CHECKSUM_CALCULATION", value: "when_required" },
                    { name: "AWS_RESPONSE_CHECKSUM_VALIDATION", value: "when_required" },
                ],
                // A base backup runs beside the archiving: four processes of Python.
                resources: resources("50m", "128Mi", "512Mi"),
            },
        },
    };
}

/**
 * Base backups (`postgresql.cnpg.io/v1`, kind `ScheduledBackup`), the first of them at once. It is called by its
 * archive: another archive makes another schedule, and so its own first backup.
 */
export function buildSchedule(
    { everyHours, archive }: ArchiveSettings,
    { cluster }: Pick<ClusterNames, "cluster"> = CLUSTERS.grafana,
) {
    return {
        metadata: { name: archive, namespace },
        spec: {
            // Seconds come first.
            schedule: `0 0 */${everyHours} * * *`,
            immediate: true,
            cluster: { name: cluster },
            method: "plugin",
            pluginConfiguration: { name: PLUGIN },
            backupOwnerReference: "cluster",
        },
    };
}
