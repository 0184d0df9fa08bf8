/** Names that addresses, policies and selectors follow from. */
export const RELEASE = "tempo";
export const NAMESPACE = "tempo";
/** As people call it, and the name of Grafana's data source. */
export const TITLE = "Tempo";
/** Key pair for the object store. */
export const S3_SECRET = "tempo-s3";

/** Ports that the pods listen on. */
export const PORTS = {
    http: 3200,
    otlpGrpc: 4317,
    otlpHttp: 4318,
    jaegerGrpc: 14250,
    jaegerThriftHttp: 14268,
    zipkin: 9411,
    /** The gateway's: of pushes by HTTP, and of queries. */
    gatewayPush: 8080,
    gatewayQuery: 8081,
    memcachedExporter: 9150,
    canary: 8081,
} as const;

/** The canary, by its upstream name; also the service that its spans name. */
export const CANARY = "tempo-vulture";
/** Not `podLabels`: Services of Tempo and its ring select by those. */
export const CANARY_LABELS = {
    "app.kubernetes.io/name": CANARY,
    "app.kubernetes.io/part-of": "observability-platform",
};

/** Components of the distributed Tempo, as its pods are labelled and its Services named. */
export type Component =
    | "gateway"
    | "distributor"
    | "ingester"
    | "querier"
    | "query-frontend"
    | "compactor"
    | "metrics-generator"
    | "memcached";

/** Labels that select the pods of a component; without one, every pod of Tempo. */
export function podLabels(component?: Component): Record<string, string> {
    return {
        "app.kubernetes.io/name": "tempo",
        "app.kubernetes.io/instance": RELEASE,
        ...(component !== undefined && { "app.kubernetes.io/component": component }),
    };
}

/** Host name of a component's Service; without one, of the single process. */
export function serviceHost(component?: Component): string {
    const service = component === undefined ? RELEASE : `${RELEASE}-${component}`;
    return `${service}.${NAMESPACE}.svc.cluster.local`;
}
