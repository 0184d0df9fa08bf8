import { minioDefaults } from "../../components/minio/settings";
import { GIB, type Stored } from "./figure";

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

/** Four of each set's drives are parity: EC:4 is MinIO's default for sets of 8 to 16 drives. */
const PARITY = 4;

export function drivesFor(stored: readonly Stored[], zones: number): DriveFigure {
    const { servers, drivesPerServer } = minioDefaults(zones > 1 ? "zone" : "node") as {
        servers: number;
        drivesPerServer: number;
    };
    const drives = servers * drivesPerServer;
    const usable = (drives - PARITY) / drives;
    const bytes = stored.reduce((sum, each) => sum + each.bytes, 0);
    const each = Math.max(100, Math.ceil(bytes / usable / FULL / drives / GIB)) * GIB;
    return {
        servers,
        drivesPerServer,
        driveSize: each,
        formula: `sum of the buckets ÷ ${usable.toFixed(2)} (EC:${PARITY} of ${drives} drives) ÷ ${FULL} filled ÷ ${drives} drives`,
        tooLarge: each > LARGEST_DRIVE,
    };
}
