/** Settings of other stores that this one has under another name, or not at all, with what to do instead. */
export const CANNOT: Readonly<Record<string, string>> = {
    windows:
        "remove it: queriers ask ingestors and store gateways alike; how long ingestors keep their blocks is metrics.ingestorRetention",
    replicaLabel: "remove it: both of a pair are kept, and queriers drop it",
    exemplars: "remove it: ingestors keep them, as many as limits.maxExemplars says",
    nativeHistograms: "remove it: they are kept",
    objects:
        "remove it, and write ServiceMonitor and PrometheusRule objects: VictoriaMetrics' own are for metrics: { kind: victoriametrics } alone",
};

const ON_VOLUMES = "write ingestor, which keeps the newest samples: the others are in the object store";

export const CANNOT_COUNT: Readonly<Record<string, string>> = {
    distributor: "write router",
    ingester: "write ingestor",
    querier: "write query",
    compactor: "remove it: there is one, two would work against each other",
    ruler: "write kubePrometheusStack: { ruler: { replicas: … } }: rules are PrometheusRule objects",
    vminsert: "write router",
    vmstorage: ON_VOLUMES,
    vmselect: "write query",
    vmauth: "write gateway",
};

export const CANNOT_SIZE: Readonly<Record<string, string>> = { ingester: "write ingestor", vmstorage: ON_VOLUMES };

export const CANNOT_NAME: Readonly<Record<string, string>> = {
    ruler: "remove it: rules are PrometheusRule objects, with the label observability-platform/rules: metrics",
    backup: "remove it: samples are in the bucket blocks, and backup.target copies it",
};

export const CANNOT_CACHE: Readonly<Record<string, string>> = {
    metadata: "remove it: each store gateway keeps on its volume what blocks there are",
};

/**
 * What other stores limit and Thanos does not, with what to do instead. Its limits of a request lose the whole of it, and
 * its limit of series asks a Prometheus now and then, which lets a flood in meanwhile: neither is offered.
 */
const AT_SENDERS =
    "limit it where it is scraped, by sampleLimit and labelLimit of ServiceMonitors, or choose metrics.kind: cortex";

export const CANNOT_LIMIT: Readonly<Record<string, string>> = {
    maxSeries: AT_SENDERS,
    maxHourlySeries: AT_SENDERS,
    ingestionRate: AT_SENDERS,
    ingestionBurst: AT_SENDERS,
    maxLabelNames: AT_SENDERS,
    maxOutstandingQueries: "write maxConcurrentQueries, which holds for all tenants together",
};

const FOR_ALL = "it is the same for all tenants";

export const CANNOT_LIMIT_TENANTS: Readonly<Record<string, string>> = {
    ...CANNOT_LIMIT,
    maxOutstandingQueries: `write metrics.limits.maxConcurrentQueries: ${FOR_ALL}`,
    maxConcurrentQueries: `write metrics.limits.maxConcurrentQueries: ${FOR_ALL}`,
    maxExemplars: `write metrics.limits.maxExemplars: ${FOR_ALL}`,
    outOfOrder: `write metrics.limits.outOfOrder: ${FOR_ALL}`,
    retention: `write metrics.retention: ${FOR_ALL}; or choose metrics.kind: cortex`,
};
