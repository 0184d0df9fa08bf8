/** Names in the cluster. Addresses follow from them, so they never change. */
export const NAMESPACE = "thanos";
/** As people call it, and the name of Grafana's data source. */
export const TITLE = "Thanos";
export const RELEASE = "thanos";
export const S3_SECRET = "thanos-s3";
/** Says where the bucket is, without a key: the chart mounts it from a Secret, and from nothing else. */
export const OBJECT_STORE_SECRET = "thanos-object-store";
export const OBJECT_STORE_KEY = "objstore.yaml";
export const GATEWAY = "thanos-gateway";
/** The Service of queries, before the gateway's other port. */
export const QUERY_SERVICE = "thanos-gateway-query";

/**
 * Labels of a pair of Prometheus replicas. Both copies are stored, the second on series of their own; queriers drop it and
 * answer with one of them.
 */
export const HA_LABELS = { cluster: "prometheus", replica: "prometheus_replica", dropReplica: "store" } as const;

/**
 * Labels that Thanos sets on what it keeps, over those that a series has of its own: whose it is, and which ingestor holds
 * the copy. The chart has the name of the second. Never `cluster` or `tenant_id`, which applications write.
 */
export const TENANT_LABEL = "receive_tenant";
export const COPY_LABEL = "receive_replica";

/** Ports that pods listen on. */
export const PORTS = {
    /** Of Thanos' own pods: queries among them, metrics. */
    http: 10902,
    grpc: 10901,
    remoteWrite: 19291,
    /** Of the gateway, for pushes and for queries. */
    push: 8080,
    query: 8081,
    cache: 11211,
    cacheMetrics: 9150,
} as const;

/** Names of the memcached, by what they cache: StatefulSet, Service and label of pods. */
export const CACHES = { results: "cache-results", index: "cache-index", chunks: "cache-chunks" } as const;
export type CacheUse = keyof typeof CACHES;

/** Name of the caches' port, by which their clients find each server. */
export const CACHE_PORT = "memcached";

const host = (service: string) => `${service}.${NAMESPACE}.svc.cluster.local`;

export const ROUTER = `http://${host(`${RELEASE}-receive-router`)}:${PORTS.remoteWrite}`;
export const QUERY_FRONTEND = `http://${host(`${RELEASE}-query-frontend`)}:${PORTS.http}`;

/** Servers by their own names, so that each keeps its share of the keys through a restart. */
export function cacheAddress(use: CacheUse): string {
    return `dnssrvnoa+_${CACHE_PORT}._tcp.${host(CACHES[use])}`;
}

export const pushUrl = `http://${host(GATEWAY)}/api/v1/receive`;
export const otlpUrl = `http://${host(GATEWAY)}/api/v1/otlp`;
export const queryUrl = `http://${host(QUERY_SERVICE)}`;
/** Of the platform's own tenant, for a ruler, which sends no header. */
export const rulesUrl = `${queryUrl}/rules`;

/** Labels of a workload's pods, as the chart calls the workload: `receive-router`. */
export function podLabels(component: string): Record<string, string> {
    return {
        "app.kubernetes.io/name": "thanos",
        "app.kubernetes.io/instance": RELEASE,
        "app.kubernetes.io/component": component,
    };
}
