/** Settings of other stores that this one has under another name, or not at all, with what to do instead. */
const ENTERPRISE = "remove it: the open program keeps samples as they came";

export const CANNOT: Readonly<Record<string, string>> = {
    windows: "remove it: the same servers are asked for samples of every age",
    caches: "remove it: vmselect caches for itself",
    ingest: "remove it: Prometheus writes to vminsert",
    downsampling: ENTERPRISE,
    deletionDelay: "remove it: nothing is merged in a bucket",
    ingestorRetention: "remove it: servers keep samples for metrics.retention",
    replicaLabel: "remove it: Prometheus drops it, since one of equal series is kept",
    exemplars: "remove it: none are kept",
    nativeHistograms: "remove it: none are kept, classic buckets are",
};

const STORED = "write vmstorage, which keeps samples of every age";
const RULES = "PrometheusRule objects, with the label observability-platform/rules: metrics";

export const CANNOT_COUNT: Readonly<Record<string, string>> = {
    distributor: "write vminsert",
    router: "write vminsert",
    ingester: STORED,
    ingestor: STORED,
    storeGateway: STORED,
    compactor: "remove it: servers merge what they keep themselves",
    querier: "write vmselect",
    query: "write vmselect",
    queryFrontend: "write vmselect, which splits and caches queries too",
    ruler: `write kubePrometheusStack: { ruler: { replicas: … } }: rules are ${RULES}`,
    gateway: "write vmauth",
};

const ON_ONE = "write vmstorage, whose volume keeps all";

export const CANNOT_SIZE: Readonly<Record<string, string>> = {
    ingester: ON_ONE,
    ingestor: ON_ONE,
    storeGateway: ON_ONE,
    compactor: ON_ONE,
};

export const CANNOT_NAME: Readonly<Record<string, string>> = {
    blocks: "remove it: samples are kept on volumes, whose size is metrics.volumes.vmstorage",
    ruler: `remove it: rules are ${RULES}`,
};

const noRate = "set metrics.limits.maxHourlySeries: there is no limit of a tenant's rate";
const rateless = { ingestionRate: noRate, ingestionBurst: noRate };
const exemplarless = "remove it: no exemplars are kept; where they are needed, write metrics: { kind: cortex }";
const ageless = "remove it: samples of any age within metrics.retention are taken";

export const CANNOT_LIMIT: Readonly<Record<string, string>> = {
    maxSeries: "write maxHourlySeries, which counts all tenants' series within an hour",
    ...rateless,
    maxExemplars: exemplarless,
    outOfOrder: ageless,
    maxOutstandingQueries: "remove it, and raise metrics.replicas.vmselect",
    maxConcurrentQueries: "remove it, and raise metrics.replicas.vmselect",
};

const FOR_ALL = "which holds for all tenants: this store has no limits of single ones";

export const CANNOT_LIMIT_TENANTS: Readonly<Record<string, string>> = {
    retention: `set metrics.retention, ${FOR_ALL}`,
    maxSeries: `set metrics.limits.maxHourlySeries, ${FOR_ALL}`,
    maxHourlySeries: `set metrics.limits.maxHourlySeries, ${FOR_ALL}`,
    maxLabelNames: `set metrics.limits.maxLabelNames, ${FOR_ALL}`,
    ...rateless,
    maxExemplars: exemplarless,
    outOfOrder: ageless,
    maxOutstandingQueries: `raise metrics.replicas.vmselect, ${FOR_ALL}`,
    maxConcurrentQueries: `raise metrics.replicas.vmselect, ${FOR_ALL}`,
};
