/** Names in the cluster. Addresses follow from them, so they never change. */
export const NAMESPACE = "cortex";
/** As people call it, and the name of Grafana's data source. */
export const TITLE = "Cortex";
export const RELEASE = "cortex";
export const S3_SECRET = "cortex-s3";

/** Labels of a pair of Prometheus replicas: Cortex elects one replica for each value of the first, and drops the other. */
export const HA_LABELS = { cluster: "prometheus", replica: "prometheus_replica", dropReplica: "store" } as const;

/**
 * Ports that pods listen on. Gossip is not on its usual 7946, where Loki and Tempo are: Cortex 1.21 gossips with
 * whoever answers, and an address that it remembers may since be another store's pod.
 */
export const PORTS = {
    /** Of Cortex' own pods; and of the gateway, for pushes. */
    http: 8080,
    /** Of the gateway, for queries. */
    query: 8081,
    gossip: 7947,
    cacheMetrics: 9150,
} as const;

export const GOSSIP_ADDRESS = `${RELEASE}-memberlist.${NAMESPACE}.svc.cluster.local:${PORTS.gossip}`;

export const DISTRIBUTOR = `${RELEASE}-distributor.${NAMESPACE}.svc.cluster.local:${PORTS.http}`;
export const QUERY_FRONTEND = `${RELEASE}-query-frontend.${NAMESPACE}.svc.cluster.local:${PORTS.http}`;

/** The gateway spreads over the distributors; a client's long connection to their Service would stay with one. */
const GATEWAY = `http://${RELEASE}-nginx.${NAMESPACE}.svc.cluster.local`;
export const pushUrl = `${GATEWAY}/api/v1/push`;
export const otlpUrl = `${GATEWAY}/api/v1/otlp`;
/** The Service of queries, before the gateway's other port. */
export const QUERY_SERVICE = `${RELEASE}-query`;
const QUERIES = `http://${QUERY_SERVICE}.${NAMESPACE}.svc.cluster.local`;
export const queryUrl = `${QUERIES}/prometheus`;
/** Of the platform's own tenant, for a ruler, which sends no header. */
export const rulesUrl = `${QUERIES}/rules`;

/** The memcached, each a chart of its own, by what they cache. */
export const CACHES = {
    results: "memcached-frontend",
    index: "memcached-blocks-index",
    chunks: "memcached-blocks",
    metadata: "memcached-blocks-metadata",
} as const;

/** Labels of a workload's pods, as the chart calls the workload: `store-gateway`. */
export function podLabels(component: string): Record<string, string> {
    return {
        "app.kubernetes.io/name": "cortex",
        "app.kubernetes.io/instance": RELEASE,
        "app.kubernetes.io/component": component,
    };
}
