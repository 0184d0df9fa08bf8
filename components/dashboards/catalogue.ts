import { alerts } from "./alerts";
import type { DashboardsArgs } from "./args";
import { capacity } from "./capacity";
import { cortex } from "./cortex";
import { dataPath } from "./data-path";
import { loki } from "./loki";
import { minio } from "./minio";
import { postgres } from "./postgres";
import type { Dashboard } from "./spec";
import { startHere } from "./start-here";
import { tempo } from "./tempo";

/** The dashboards of a stack, the first page first; of systems that it has. */
export function catalogue(args: DashboardsArgs): Dashboard[] {
    return [
        startHere(args),
        dataPath(),
        alerts(),
        capacity(),
        cortex(),
        loki(),
        tempo(args),
        ...(args.objectStore === "minio" ? [minio()] : []),
        ...(args.database ? [postgres()] : []),
    ];
}
