/** Settings of other stores that this one has under another name, or not at all, with what to do instead. */

export const CANNOT: Readonly<Record<string, string>> = {
    ingest: "remove it: Prometheus writes to distributors",
    downsampling: "remove it: samples are kept as they came",
    deletionDelay: "remove it: merged blocks stay for 12 hours",
    ingestorRetention: "write windows.ingesterRetention",
    replicaLabel: "remove it: distributors elect one of a pair by it, and drop it",
    exemplars: "remove it: they are kept, as many as limits.maxExemplars says",
    nativeHistograms: "remove it: they are kept",
    objects:
        "remove it, and write ServiceMonitor and PrometheusRule objects: VictoriaMetrics' own are for metrics: { kind: victoriametrics } alone",
};

export const CANNOT_COUNT: Readonly<Record<string, string>> = {
    router: "write distributor",
    ingestor: "write ingester",
    query: "write querier",
    vminsert: "write distributor",
    vmstorage: "write ingester, which keeps the newest samples: the others are in the object store",
    vmselect: "write querier",
    vmauth: "write gateway",
};

export const CANNOT_SIZE: Readonly<Record<string, string>> = {
    ingestor: "write ingester",
    vmstorage: "write ingester, whose volume keeps a day: the history is in the object store",
};

export const CANNOT_LIMIT: Readonly<Record<string, string>> = {
    maxConcurrentQueries: "write maxOutstandingQueries, for each tenant, or set metrics.replicas.querier",
    maxHourlySeries: "write maxSeries, which counts a tenant's active series",
};

export const CANNOT_NAME: Readonly<Record<string, string>> = {
    backup: "remove it: samples are in the bucket blocks, and backup.target copies it",
};
