import { z } from "zod";
import type { Slice } from "../settings/slice";
import { unusedRules } from "../settings/unused";
import {
    about,
    bucketName,
    bytes,
    describe,
    dnsLabel,
    everyHours,
    flag,
    hostPort,
    secretText,
    utcTime,
    whole,
} from "../settings/types";

const credentials = z
    .discriminatedUnion("from", [
        z.strictObject({
            from: describe(z.literal("settings"), { description: "Where the key pair for the second S3 stands." }),
            accessKeyId: describe(secretText, {
                description: "Access key that lists, reads and writes in `bucket`, and may delete nothing.",
            }),
            secretAccessKey: secretText,
        }),
        z.strictObject({
            from: z.literal("secret"),
            secretName: describe(dnsLabel, {
                description: "Existing Secret in the namespace backup, with accessKeyId and secretAccessKey.",
                example: "backup-target",
            }),
        }),
    ])
    .register(about, { allowed: "from: settings or secret", example: "{ from: secret, secretName: offsite }" });

const target = z
    .strictObject({
        endpoint: describe(hostPort, { description: "Address of the second S3 API, outside of this cluster." }),
        tls: describe(flag, { description: "Whether the endpoint speaks TLS." }),
        bucket: describe(bucketName, {
            description: "Bucket that locks its objects; the copies stand below the cluster's name.",
            example: "observability-backup",
        }),
        credentials,
    })
    .register(about, {
        description: "Where the stores' buckets are copied to. No copies are made without it.",
        example:
            "{ endpoint: s3.eu-west-1.amazonaws.com:443, bucket: observability-backup, credentials: { from: secret, secretName: offsite } }",
    });

/** Copies of the stores' buckets in a second S3. */
export const backupSettings = z.strictObject({
    target: target.optional(),
    everyHours: describe(everyHours, {
        description: "Hours between two copies: what is younger than the last is lost with the object store.",
    }),
    bandwidth: describe(bytes, { description: "Most bytes in a second that a store's copy takes.", example: "50Mi" }),
    workers: describe(whole(1, 1000, "4"), { description: "Most objects that a store's copy moves at once." }),
    restore: z
        .strictObject({
            at: describe(utcTime, {
                description: "Restore every object as it was then; absent means what is missing, as copied last.",
            }).optional(),
        })
        .register(about, {
            description:
                "Only while something is restored: makes the jobs for it, with keys that write to the stores, and stops the copies.",
            example: "{}",
        })
        .optional(),
});

export type BackupSettings = z.infer<typeof backupSettings>;
export type BackupTarget = z.infer<typeof target>;

export function backupDefaults(given: Record<string, unknown>): object {
    const hasTarget = typeof given.target === "object" && given.target !== null;
    return { everyHours: 6, bandwidth: "50Mi", workers: 4, ...(hasTarget && { target: { tls: true } }) };
}

/** Hours after which the last copy is too old: one run may fail, and a run takes up to the whole time between two. */
export function tooOldHours({ everyHours }: Pick<BackupSettings, "everyHours">): number {
    return 3 * everyHours;
}

export const backupSlice: Slice<typeof backupSettings> = {
    schema: backupSettings,
    defaults: (_, given) => backupDefaults(given),
    rules: (settings) => {
        if (settings.target !== undefined) return [];
        const instead = "write target: { endpoint, bucket, credentials }";
        return unusedRules("backup", settings, backupDefaults({}), { where: "without backup.target", instead });
    },
};
