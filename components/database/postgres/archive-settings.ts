import { z } from "zod";
import { about, bucketName, describe, dnsLabel, everyHours, utcTime, whole } from "../../settings/types";
import { problem, type SettingsProblem } from "../../settings/problem";
import { CLUSTER } from "./names";

export const archive = describe(dnsLabel, { example: "grafana-db" });

/** Continuous archiving into the object store, and base backups beside it. */
export const archiveSettings = z
    .strictObject({
        everyHours: describe(everyHours, {
            description:
                "Hours between two base backups; the log between them is archived all the time. Needs cert-manager.",
            example: "24",
        }),
        retentionDays: describe(whole(1, 3650, "30"), {
            description: "Days back to any moment of which the database can be recovered.",
            example: "30",
        }),
        bucket: describe(bucketName, {
            description: "Bucket of the archive, in the object store of all others.",
            example: "postgres-archive",
        }),
        archive: describe(archive, {
            description:
                "Folder in the bucket that this database writes to: a new one for each database, never used before.",
        }),
    })
    .register(about, {
        description: "Archives Grafana's database.",
        example: "{}",
    });

/** Where a new database takes its contents from. A database that is there does not read it. */
export const recoverFromSettings = z
    .strictObject({
        archive: describe(archive, { description: "Folder in the bucket that the lost database wrote to." }),
        at: describe(utcTime, {
            description: "Recover the database as it was then; absent means as late as the archive reaches.",
        }).optional(),
    })
    .register(about, {
        description: "Only while a database is made anew: it starts from this archive instead of empty.",
        example: "{ archive: grafana-db }",
    });

export type ArchiveSettings = z.infer<typeof archiveSettings>;
export type RecoverFromSettings = z.infer<typeof recoverFromSettings>;

export function archiveDefaults(): ArchiveSettings {
    return { everyHours: 24, retentionDays: 30, bucket: "postgres-archive", archive: CLUSTER };
}

/** Hours after which the last base backup is too old: one may fail. */
export function tooOldHours({ everyHours: hours }: Pick<ArchiveSettings, "everyHours">): number {
    return 2 * hours + 1;
}

const GRAFANAS = { archive: "database.backup.archive", recoverFrom: "database.recoverFrom" };

export function recoveryRules(
    backup: Pick<ArchiveSettings, "archive"> | undefined,
    recoverFrom: RecoverFromSettings | undefined,
    at: { readonly archive: string; readonly recoverFrom: string } = GRAFANAS,
): SettingsProblem[] {
    if (recoverFrom === undefined) return [];
    if (backup === undefined) {
        return [
            problem(
                at.recoverFrom,
                recoverFrom,
                "nothing without database.backup, which says where the archive is",
                "database: { backup: { archive: grafana-db-2 }, recoverFrom: { archive: grafana-db } }",
            ),
        ];
    }
    if (backup.archive !== recoverFrom.archive) return [];
    return [
        problem(
            at.archive,
            backup.archive,
            `another name than ${at.recoverFrom}.archive: a new database refuses to write where an old one's log is`,
            `write archive: ${backup.archive}-2`,
        ),
    ];
}
