import type { DataSource } from "./datasource";
import type { Endpoint, Ready } from "./ready";
import type { Tenancy } from "./tenancy";

/** What takes traces: OTLP. */
export interface TraceSink extends Ready {
    readonly push: {
        /** OTLP/gRPC address, `host:port`; undefined where HTTP alone is spoken. */
        readonly otlpGrpc: string | undefined;
        /** OTLP/HTTP base URL, to which `/v1/traces` is appended. */
        readonly otlpHttp: string;
        /** Of OTLP/gRPC, or of OTLP/HTTP where that alone is spoken. */
        readonly endpoint: Endpoint;
    };
    readonly tenancy: Tenancy;
}

/** Traces that are kept in this cluster. */
export interface TraceStore extends TraceSink {
    readonly read: {
        /** Base URL for queries. */
        readonly url: string;
        /** URL that answers 200 where queries are answered. */
        readonly healthUrl: string;
        readonly endpoint: Endpoint;
    };
    /** Whether it makes metrics of spans and sends them to the metrics store. */
    readonly spanMetrics: boolean;
    readonly datasource: DataSource;
}
