import { mebibytes } from "../../settings/units";

/** A part of a quantity, in whole Mi. */
export function fraction(quantity: string, divisor: number): string {
    return `${mebibytes(quantity, divisor)}Mi`;
}

/**
 * What an ingester may hold while it replays its write-ahead log, as Loki writes sizes. Its default of 4 GB is as large
 * as a usual limit: a replay after a crash would be killed, and the next one too.
 */
export function replayCeiling(memoryLimit: string): string {
    return `${mebibytes(memoryLimit, 2)}MB`;
}
