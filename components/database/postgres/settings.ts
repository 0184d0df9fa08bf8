import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import { about, chartValues, describe, replicas, rotation, volumeSize } from "../../settings/types";
import { fewest } from "../../settings/replicas";
import { CLUSTERS, type Use } from "./names";
import { postgresReplicated } from "./workloads";
import { archive, archiveDefaults, archiveSettings, recoverFromSettings } from "./archive-settings";

export const postgresSettings = z.strictObject({
    kind: describe(z.literal("postgres"), {
        description: "What runs Grafana's database.",
        immutable: "dashboards and users stay in the database that has them",
    }),
    instances: describe(replicas, { description: "One primary and its standbys: an odd number, from 3." }),
    replicas: z.strictObject({
        operator: describe(replicas, { description: "One leads; each of them answers the API server's webhooks." }),
    }),
    volume: describe(volumeSize, { description: "Volume of each instance. It can grow, not shrink." }),
    backup: archiveSettings.optional(),
    recoverFrom: recoverFromSettings.optional(),
    rotation,
    errors: z
        .strictObject({
            instances: describe(replicas, { description: "One primary and its standbys: an odd number, from 3." }),
            volume: describe(volumeSize, {
                description: "Volume of each instance: some 30 GB for a million events. It can grow, not shrink.",
            }),
            archive: describe(archive, {
                description:
                    "Folder in the archive's bucket that this database writes to, where `database.backup` archives: never used before.",
                example: "errors-db",
            }),
            recoverFrom: recoverFromSettings.optional(),
            rotation,
        })
        .register(about, {
            description: "A cluster of its own for applications' errors, where errors.kind is glitchtip.",
        }),
    values: describe(chartValues, { description: "Values of the operator's chart, merged last." }),
    pluginValues: describe(chartValues, { description: "Values of the archiving plugin's chart, merged last." }),
});

export type PostgresSettings = z.infer<typeof postgresSettings>;

/** Of one cluster. */
export type ClusterSettings = Pick<PostgresSettings, "instances" | "volume" | "backup" | "recoverFrom" | "rotation">;

/** The settings of the cluster that is for this; both are archived, or neither, into one bucket. */
export function clusterSettings(settings: PostgresSettings, use: Use): ClusterSettings {
    if (use === "grafana") return settings;
    const { errors, backup } = settings;
    return { ...errors, backup: backup && { ...backup, archive: errors.archive } };
}

/** @param given what was written: `backup: {}` switches archiving on, with the defaults of all below it. */
export function postgresDefaults(survives: Survives, given: Record<string, unknown> = {}): PostgresSettings {
    const alone = survives === "nothing";
    const { instances, ...replicas } = fewest(postgresReplicated, survives);
    return {
        kind: "postgres",
        instances,
        replicas,
        volume: alone ? "2Gi" : "10Gi",
        ...(isRecord(given.backup) && { backup: archiveDefaults() }),
        rotation: 1,
        errors: { instances, volume: alone ? "2Gi" : "50Gi", archive: CLUSTERS.errors.cluster, rotation: 1 },
        values: {},
        pluginValues: {},
    };
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
