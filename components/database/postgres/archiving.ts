import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { BucketGrant, ObjectStore } from "../../contracts/object-store";
import { bucketKeys } from "../../kubernetes/credentials";
import type { PlatformSettings } from "../../settings/platform";
import { buildArchive, buildSchedule } from "./archive";
import type { ArchiveSettings } from "./archive-settings";
import { barmanCloudChart } from "./chart";
import { ARCHIVE_SECRET, DATABASE_NAMESPACE, OPERATOR_NAMESPACE, PLUGIN_RELEASE, type ClusterNames } from "./names";
import { buildPluginValues } from "./plugin-values";
import type { PostgresSettings } from "./settings";

export interface ArchivingArgs {
    readonly platform: PlatformSettings;
    readonly settings: PostgresSettings;
    readonly backup: ArchiveSettings;
    readonly grant: BucketGrant;
    readonly objectStore: ObjectStore;
    /** The operator, beside which the plugin stands, and the instances' namespace. */
    readonly after: pulumi.Resource[];
}

/** The plugin, and the key pair for the archives: once for all clusters. */
export function archivingPlugin(
    { platform, settings, grant, objectStore, after }: ArchivingArgs,
    parent: pulumi.Resource,
): pulumi.Resource[] {
    const plugin = chartRelease(
        PLUGIN_RELEASE,
        {
            release: PLUGIN_RELEASE,
            namespace: OPERATOR_NAMESPACE,
            pin: barmanCloudChart,
            values: buildPluginValues(platform),
            userValues: settings.pluginValues,
            chartMirror: platform.chartMirror,
            // It starts when cert-manager has made its certificates.
            timeout: 600,
            protectData: platform.protectData,
        },
        { parent, dependsOn: after },
    );
    const keys = bucketKeys(ARCHIVE_SECRET, DATABASE_NAMESPACE, grant, {
        parent,
        dependsOn: [...after, ...objectStore.ready],
    });
    return [plugin, ...keys];
}

/** What the plugin is told of a cluster's archive: a cluster that names it must come after. */
export function archiving(
    { backup, grant, objectStore, after }: Pick<ArchivingArgs, "backup" | "grant" | "objectStore" | "after">,
    names: ClusterNames,
    parent: pulumi.Resource,
): pulumi.Resource {
    return new k8s.apiextensions.CustomResource(
        names.archive,
        {
            apiVersion: "barmancloud.cnpg.io/v1",
            kind: "ObjectStore",
            ...buildArchive(backup, objectStore, grant, names),
        },
        { parent, dependsOn: after },
    );
}

/** The base backups of a cluster. */
export function baseBackups(
    backup: ArchiveSettings,
    names: ClusterNames,
    cluster: pulumi.Resource,
    parent: pulumi.Resource,
): pulumi.Resource {
    const schedule = buildSchedule(backup, names);
    return new k8s.apiextensions.CustomResource(
        `base-backups-${schedule.metadata.name}`,
        { apiVersion: "postgresql.cnpg.io/v1", kind: "ScheduledBackup", ...schedule },
        { parent, dependsOn: [cluster] },
    );
}
