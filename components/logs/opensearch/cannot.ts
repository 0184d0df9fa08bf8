const FIELDS = "its template has the fields; remove it, or choose logs.kind: loki";

/** What other kinds are told and this one is not, with what to do instead. */
export const CANNOT: Readonly<Record<string, string>> = {
    schema: FIELDS,
    replicationFactor: "write copies",
    caches: "its caches are a part of logs.memory.node",
    limits: "nothing here limits a tenant; what a namespace may write on a node is k8sMonitoring.podLogs.linesPerSecond",
    url: "it runs in this stack; for one elsewhere choose logs.kind: elasticsearch",
};

const FOR_ALL = "tenants are not kept apart: it is the same for all";

export const CANNOT_OF_TENANTS: Readonly<Record<string, string>> = {
    retention: `write logs.retention: ${FOR_ALL}`,
    ingestionRateMb: FOR_ALL,
    ingestionBurstMb: FOR_ALL,
    maxStreams: FOR_ALL,
};
