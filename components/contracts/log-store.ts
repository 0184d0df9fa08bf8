import type { LogDataSource } from "./datasource";
import type { Endpoint, Ready } from "./ready";
import type { Tenancy } from "./tenancy";

/** What takes logs: OTLP. */
export interface LogSink extends Ready {
    readonly push: {
        /** OTLP/HTTP base URL, to which `/v1/logs` is appended. */
        readonly otlpUrl: string;
        /** Loki's push API, for Alloy, Fluent Bit, Fluentd; undefined where the store has none. */
        readonly lokiUrl: string | undefined;
        readonly endpoint: Endpoint;
    };
    readonly tenancy: Tenancy;
    /** What evaluates rules on log lines, with the API through which they are written; undefined where nothing does. */
    readonly ruler: LogRuler | undefined;
}

/** Logs that are kept in this cluster. */
export interface LogStore extends LogSink {
    readonly read: {
        /** Base URL for queries. */
        readonly url: string;
        /** URL of a query that answers 200, sent with the tenant: it passes every hop of a query and needs no data. */
        readonly healthUrl: string;
        readonly endpoint: Endpoint;
    };
    readonly datasource: LogDataSource;
    /** Where people read lines beside Grafana; undefined where the store has no screens. */
    readonly screens?: string | undefined;
}

/** A ruler with Loki's API: its rules are LogQL. */
export interface LogRuler {
    /** Base URL of the API. */
    readonly url: string;
    readonly endpoint: Endpoint;
}
