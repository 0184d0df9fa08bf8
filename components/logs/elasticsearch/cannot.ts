const THERE = "say it in Elasticsearch, which this stack does not run";
const LIFECYCLE = `${THERE}: the data stream's lifecycle`;
const INSIDE = "remove it, or choose logs.kind: loki, which runs in this stack";

/** What other kinds are told and this one is not, with what to do instead. */
export const CANNOT: Readonly<Record<string, string>> = {
    buckets: `${THERE}: a snapshot repository; its data is in no bucket of this stack`,
    retention: LIFECYCLE,
    schema: INSIDE,
    replicationFactor: `${THERE}: number_of_replicas of the index template`,
    memory: INSIDE,
    volumes: INSIDE,
    limits: `${THERE}; what a namespace may write on a node is k8sMonitoring.podLogs.linesPerSecond`,
    caches: INSIDE,
    values: INSIDE,
};

export const CANNOT_OF_TENANTS: Readonly<Record<string, string>> = {
    retention: LIFECYCLE,
    ingestionRateMb: INSIDE,
    ingestionBurstMb: INSIDE,
    maxStreams: INSIDE,
};
