import { erasureSetSize, parityDrives } from "../../components/object-store/minio/erasure";
import type { MinioSettings } from "../../components/object-store/minio/settings";
import { GIB, type Stored } from "../../components/sizing/figure";

/** Part of a disk that is planned to be full: above it deletes, healing and a late lifecycle run have no room. */
const FULL = 0.75;

/** Drives of MinIO for what is stored, or word that another store is the better one. */
export interface DriveFigure {
    readonly servers: number;
    readonly drivesPerServer: number;
    /** Bytes of one drive. */
    readonly driveSize: number;
    readonly formula: string;
    /** Set where a StatefulSet of this shape is no longer what one would run. */
    readonly tooLarge: boolean;
}

/** Bytes of one drive above which a drive's healing takes days, and more servers or an outside store serve better. */
const LARGEST_DRIVE = 16 * 2 ** 40;
/** Bytes of one drive by default. */
const SMALLEST_DRIVE = 100 * GIB;

export type Layout = Pick<MinioSettings, "servers" | "drivesPerServer">;

/** Drives of a layout. */
export function drivesFor(layout: Layout, stored: readonly Stored[]): DriveFigure {
    const { bytes, formula } = driveOf(layout, stored);
    const driveSize = Math.max(SMALLEST_DRIVE, bytes);
    const { servers, drivesPerServer } = layout;
    return { servers, drivesPerServer, driveSize, formula, tooLarge: driveSize > LARGEST_DRIVE };
}

/** Bytes that each drive of a layout needs, in whole GiB. */
export function driveOf({ servers, drivesPerServer }: Layout, stored: readonly Stored[]) {
    const drives = servers * drivesPerServer;
    const set = erasureSetSize(servers, drivesPerServer) ?? drives;
    const parity = parityDrives(set);
    const usable = (set - parity) / set;
    const all = stored.reduce((sum, { bytes }) => sum + bytes, 0);
    return {
        bytes: Math.ceil(all / usable / FULL / drives / GIB) * GIB,
        formula: `sum of the buckets ÷ ${usable.toFixed(2)} (EC:${parity} of ${set} drives) ÷ ${FULL} filled ÷ ${drives} drives`,
    };
}
