import type { LoadSettings } from "../settings/load";

/** What a platform has to carry. */
export interface Load {
    /** Active series, before replication and before deduplication of the pair. */
    readonly series: number;
    /** Seconds between two samples of a series. */
    readonly interval: number;
    /** Bytes of log lines a second, uncompressed. */
    readonly logs: number;
    /** Bytes of spans a second, as they are received. */
    readonly spans: number;
    /** Range queries a second, by people and dashboards. */
    readonly queries: number;
    /** Errors of applications a second, and the seconds that they are kept; absent where nobody states them. */
    readonly errors?: { readonly rate: number; readonly retention: number };
    /** Seconds that each signal is kept. */
    readonly retention: { readonly metrics: number; readonly logs: number; readonly traces: number };
    /** Zones that nodes stand in; 1 for a cluster that survives a node alone. */
    readonly zones: number;
    /** The part of it that stands in a stack file, as it was written. */
    readonly stated: LoadSettings;
}
