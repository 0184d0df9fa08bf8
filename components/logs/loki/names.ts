/** Names that addresses, selectors and policies of Loki rest on. */
export const RELEASE = "loki";
export const NAMESPACE = "loki";
/** As people call it, and the name of Grafana's data source. */
export const TITLE = "Loki";
/** Grafana's plugin of it. */
export const PLUGIN = "loki";

/** Secret with the S3 key pair, under the names that the AWS SDK reads from the environment. */
export const S3_SECRET = "loki-s3";

/** Tenant that the canary writes to and reads from. */
export const CANARY_TENANT = "self-monitoring";

/** Ports that pods listen on. */
export const PORTS = {
    /** The gateway's: of pushes, of queries, and of the canary, which knows one address for both. */
    push: 8080,
    query: 8081,
    throughGateway: 8082,
    http: 3100,
    canary: 3500,
    gatewayExporter: 4040,
    cacheExporter: 9150,
} as const;

/** The Service of queries, and its port for the canary. */
export const QUERY_SERVICE = `${RELEASE}-query`;
export const CANARY_TARGET = `${QUERY_SERVICE}.${NAMESPACE}.svc.cluster.local:${PORTS.throughGateway}`;

/** The label of every pod that runs Loki itself: not the gateway, the canary or a cache. */
export const LOKI_PODS = { "app.kubernetes.io/part-of": "memberlist" };

/** Labels by which the chart selects the pods of a component. */
export function podLabels(component: string): Record<string, string> {
    return {
        "app.kubernetes.io/name": "loki",
        "app.kubernetes.io/instance": RELEASE,
        "app.kubernetes.io/component": component,
    };
}
