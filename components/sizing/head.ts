import { GB } from "./figure";

export const PROMETHEUS = "https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects";
/** Mimir began as Cortex' blocks engine and rings; its figures are the newer measurement of the same design. */
export const MIMIR = "https://grafana.com/docs/mimir/latest/manage/run-production-environment/planning-capacity/";

/** Bytes of a sample in a compacted block, index included: 1 to 2 by Prometheus' documentation, 2 by Mimir's. */
export const SAMPLE = 2;

/** Cores of what holds so many series in memory, copies counted: Prometheus, and Cortex' ingesters, which are made of it. */
export function headCores(inMemory: number): number {
    return inMemory / 300_000;
}

/** Bytes of memory of what holds so many series, copies counted, without headroom. */
export function headBytes(inMemory: number): number {
    return (inMemory / 300_000) * 2.5 * GB;
}
