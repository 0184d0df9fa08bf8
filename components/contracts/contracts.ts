import * as pulumi from "@pulumi/pulumi";

/**
 * What systems know of each other. A system that stands in for another (an outside S3 for MinIO, Thanos for Cortex)
 * gives the same contract, so its consumers do not change.
 *
 * Addresses are plain strings: names are explicit, so they are known in the first preview. Each contract carries
 * `ready`, the resources that must be up before the address answers; consumers put it into `dependsOn`.
 */
export interface Ready {
    readonly ready: pulumi.Resource[];
}

/** A peer in the cluster, as network policies need it. `namespace: undefined` means an address outside the cluster. */
export interface Endpoint {
    readonly namespace: string | undefined;
    /** TCP port that the target's pods listen on (not the Service's port: policies see pods). */
    readonly podPort: number;
}

/** Who keeps data in the object store; also the names of their users there. */
export type StoreName = "cortex" | "loki" | "tempo" | "postgres";

/** One for each store that has buckets: the database only where it is archived. */
export type EachStore<T> = Readonly<Record<Exclude<StoreName, "postgres">, T> & Partial<Record<"postgres", T>>>;

/** What a store asks of the object store: its buckets, which no other user may touch. */
export interface BucketRequest {
    readonly store: StoreName;
    readonly buckets: readonly string[];
}

/** What a store gets: an S3 key pair that opens its own buckets and nothing else. */
export interface BucketGrant {
    readonly store: StoreName;
    readonly buckets: readonly string[];
    readonly accessKeyId: pulumi.Output<string>;
    readonly secretAccessKey: pulumi.Output<string>;
    /** Raised at each rotation; stores write it on their pods, so that a new key pair rolls them. */
    readonly generation: number;
}

/** An S3 API: MinIO in this cluster, or an outside one. */
export interface ObjectStore extends Ready {
    /** `host:port`, without a scheme. */
    readonly endpoint: string;
    readonly region: string;
    /** Whether the endpoint speaks TLS. */
    readonly tls: boolean;
    /** Whether buckets are addressed as path (`host/bucket`) instead of as a virtual host (`bucket.host`). */
    readonly pathStyle: boolean;
    /** URL that answers 200 while writes find a quorum; undefined where the API has none. */
    readonly healthUrl: string | undefined;
    readonly peer: Endpoint;
    readonly grants: EachStore<BucketGrant>;
    /** Key pairs that only list and read each store's buckets; undefined where nobody copies them. */
    readonly readers: EachStore<BucketGrant> | undefined;
}

/** Long-term metrics: Prometheus remote write in, PromQL out. */
export interface MetricsStore extends Ready {
    /** Remote write URL (Prometheus remote write 1.0). */
    readonly pushUrl: string;
    /** OTLP/HTTP base URL, to which `/v1/metrics` is appended. */
    readonly otlpUrl: string;
    /** Prometheus API base URL, to which `/api/v1/query` is appended. */
    readonly queryUrl: string;
    /** URL of a query that answers 200, sent with the tenant: it passes gateway, frontend and querier and needs no data. */
    readonly healthUrl: string;
    /** Value of `X-Scope-OrgID`. */
    readonly tenant: string;
    readonly peer: Endpoint;
}

/** Logs. */
export interface LogStore extends Ready {
    /** Loki push API URL, for Alloy, Fluent Bit, Fluentd. */
    readonly pushUrl: string;
    /** OTLP/HTTP base URL, to which `/v1/logs` is appended. */
    readonly otlpUrl: string;
    /** Base URL for queries. */
    readonly queryUrl: string;
    /** URL of a query that answers 200, sent with the tenant: it passes gateway, frontend and querier and needs no data. */
    readonly healthUrl: string;
    readonly tenant: string;
    readonly peer: Endpoint;
    /** Base URL of the ruler, through which rules on logs are written; and its pods. */
    readonly rulerUrl: string;
    readonly ruler: Endpoint;
}

/** Traces. */
export interface TraceStore extends Ready {
    /** OTLP/gRPC address, `host:port`. */
    readonly otlpGrpc: string;
    /** OTLP/HTTP base URL. */
    readonly otlpHttp: string;
    /** Base URL for queries and TraceQL. */
    readonly queryUrl: string;
    /** URL that answers 200 where queries are answered. */
    readonly healthUrl: string;
    readonly tenant: string;
    /** Whether tenants' traces are kept apart; else all are one's, and who names a tenant does no harm. */
    readonly multitenancy: boolean;
    /** Pod ports: `otlpGrpc` for pushes, `query` for Grafana. */
    readonly push: Endpoint;
    readonly query: Endpoint;
}

/** Where rulers send alerts. */
export interface AlertReceiver {
    /** URL with a DNS SRV host (`_http-web._tcp.…`), so that every Alertmanager of the cluster is told. */
    readonly srvUrl: string;
    readonly peer: Endpoint;
}

/** A PostgreSQL database. */
export interface Database extends Ready {
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    readonly generation: number;
    readonly peer: Endpoint;
}
