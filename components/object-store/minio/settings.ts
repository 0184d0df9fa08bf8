import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import { about, chartValues, describe, replicas, rotation, volumeSize, whole } from "../../settings/types";
import { leastOf } from "../../settings/replicas";
import { defaultImage, imageSettings } from "../image";
import { minioReplicated } from "./workloads";

const LAYOUT = "the erasure sets are laid out on the first day, and no server joins them later";

const keyRotation = describe(rotation, {
    description: "Raise by one to make a new key; the one before it stays valid until the next raise.",
    rises: "a lower number gives pods an earlier key, and at 1 the last stays valid for ever",
});

/** MinIO in this cluster. */
export const minioSettings = z.strictObject({
    kind: describe(z.literal("minio"), {
        description: "What keeps the stores' data.",
        immutable: "the data stays in the object store that took it",
    }),
    servers: describe(replicas, {
        description: "MinIO servers: 1, or from 4.",
        allowed: "1, or a whole number from 4",
        immutable: LAYOUT,
    }),
    drivesPerServer: describe(whole(1, 64, "2"), { description: "Volumes of each server.", immutable: LAYOUT }),
    driveSize: describe(volumeSize, {
        description: "Size of each volume; with 8 drives half of the sum is usable, with 12 two thirds.",
        example: "100Gi",
        immutable: "a StatefulSet's volume claims cannot be changed",
    }),
    image: imageSettings,
    rotation: z
        .strictObject({
            root: rotation,
            metrics: keyRotation,
            logs: keyRotation,
            traces: keyRotation,
            database: keyRotation,
            errors: keyRotation,
            readOnly: keyRotation,
        })
        .register(about, {
            description:
                "Rotations of the root key, of each store's secret key, and of the keys that read for backups; see the README before raising `root`.",
        }),
    values: chartValues,
});

export type MinioSettings = z.infer<typeof minioSettings>;

/** Drives by what the stack survives: 4 x 2 keeps writing without any server, 6 x 2 without any zone of three. */
const DRIVES = {
    nothing: { drivesPerServer: 1, driveSize: "10Gi" },
    node: { drivesPerServer: 2, driveSize: "100Gi" },
    zone: { drivesPerServer: 2, driveSize: "100Gi" },
} as const;

export function minioDefaults(survives: Survives): MinioSettings {
    return {
        kind: "minio",
        servers: leastOf(minioReplicated.servers, survives),
        ...DRIVES[survives],
        image: defaultImage,
        rotation: { root: 1, metrics: 1, logs: 1, traces: 1, database: 1, errors: 1, readOnly: 1 },
        values: {},
    };
}
