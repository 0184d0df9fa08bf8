import type { Room } from "../../sizing/figure";
import type { Load } from "../../sizing/load";

const REQUIREMENTS = "https://glitchtip.com/documentation/install";
/** Bytes of an error in the database, its indices among them: 30 GB for a million. */
const ERROR = 30_000;

/** Its database; upstream has no figures of what takes errors, and asks for half a GiB in sum. */
export function glitchtipRooms({ errors }: Load): Room[] {
    if (errors === undefined) return [];
    return [
        {
            setting: "database.errors.volume",
            bytes: errors.rate * errors.retention * ERROR,
            formula: "errors/s × retention × 30 kB, on each instance",
            source: REQUIREMENTS,
        },
    ];
}
