import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { about, bytes, chartValues, count, describe, replicas, rotation } from "../../settings/types";
import { problem, type SettingsProblem } from "../../settings/problem";
import type { ObjectStoreKind } from "../../settings/slice";
import { leastOf, replicaRules } from "../../settings/replicas";
import { erasureSetSize, serversToLose } from "./erasure";
import { defaultImage, imageSettings } from "../image";
import { NAMESPACE } from "./names";
import { AT, minioReplicated } from "./workloads";

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
    drivesPerServer: describe(count, { description: "Volumes of each server.", example: "2", immutable: LAYOUT }),
    driveSize: describe(bytes, {
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
        rotation: { root: 1, metrics: 1, logs: 1, traces: 1, database: 1, readOnly: 1 },
        values: {},
    };
}

export function minioRules(settings: MinioSettings, platform: PlatformSettings): SettingsProblem[] {
    const survival = survivalRules(settings, platform.survives);
    // What is asked for to survive is a right layout too: one problem of a number is enough.
    const layout = layoutRules(settings).filter(({ path }) => survival.every((other) => other.path !== path));
    return [...layout, ...survival];
}

/** What MinIO itself asks of a layout. */
function layoutRules({ servers, drivesPerServer }: MinioSettings): SettingsProblem[] {
    if (servers === 1) {
        return drivesPerServer === 1
            ? []
            : [
                  problem(
                      `${AT}.drivesPerServer`,
                      drivesPerServer,
                      "1 with a single server",
                      "write drivesPerServer: 1",
                  ),
              ];
    }
    if (servers < 4) {
        return [
            problem(`${AT}.servers`, servers, "1, or a whole number from 4", "write servers: 1 or servers: 4"),
        ];
    }
    if (erasureSetSize(servers, drivesPerServer) !== undefined) return [];
    return [
        problem(
            `${AT}.servers`,
            servers,
            `a number that makes even erasure sets of 2 to 16 drives with drivesPerServer: ${drivesPerServer}`,
            "write servers: 4, 6, 8, 12 or 16",
        ),
    ];
}

/** What `survives` asks of it. */
function survivalRules({ servers, drivesPerServer }: MinioSettings, survives: Survives): SettingsProblem[] {
    const tooFew = replicaRules(minioReplicated, { servers }, survives);
    if (tooFew.length > 0 || survives !== "zone") return tooFew;
    // In more servers than a set has drives, a set may stand in two zones only.
    const setSpansZones = servers <= (erasureSetSize(servers, drivesPerServer) ?? 0);
    if (setSpansZones && serversToLose(servers, drivesPerServer) >= servers / 3) return [];
    return [
        problem(
            `${AT}.servers`,
            servers,
            `a number of which a third may be lost: of ${servers} with ${drivesPerServer} drives ${serversToLose(servers, drivesPerServer)} may`,
            "write servers: 6, drivesPerServer: 2, or servers: 12, drivesPerServer: 1",
        ),
    ];
}

/** MinIO in the role of the object store. */
export const minioKind = {
    kind: "minio",
    namespaces: [NAMESPACE],
    schema: minioSettings,
    defaults: minioDefaults,
    rules: minioRules,
    // It makes the users itself.
    requestRules: () => [],
} satisfies ObjectStoreKind<typeof minioSettings>;
