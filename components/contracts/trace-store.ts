import type { DataSource } from "./datasource";
import type { Endpoint, Ready } from "./ready";
import type { Tenancy } from "./tenancy";

/** Traces: OTLP in. */
export interface TraceStore extends Ready {
    readonly push: {
        /** OTLP/gRPC address, `host:port`. */
        readonly otlpGrpc: string;
        /** OTLP/HTTP base URL, to which `/v1/traces` is appended. */
        readonly otlpHttp: string;
        /** Of OTLP/gRPC. */
        readonly endpoint: Endpoint;
    };
    readonly read: {
        /** Base URL for queries. */
        readonly url: string;
        /** URL that answers 200 where queries are answered. */
        readonly healthUrl: string;
        readonly endpoint: Endpoint;
    };
    readonly tenancy: Tenancy;
    /** Whether it makes metrics of spans and sends them to the metrics store. */
    readonly spanMetrics: boolean;
    readonly datasource: DataSource;
}
