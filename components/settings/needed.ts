/** What a system's class may be given, by its argument's name, in words for a program that left it out. */
export const NEEDED = {
    objectStore: "an object store, such as new MinIO(…)",
    database: "a database, such as new Postgres(…)",
    metricsStore: "a metrics store, such as new Cortex(…)",
    logStore: "a log store, such as new Loki(…)",
    traceStore: "a trace store, such as new Tempo(…)",
    hub: "the way to a hub, such as new EgressGateway(…)",
    alertReceiver: "who is told alerts, such as alertReceiver of this package",
    monitoring: "the namespace monitoring, such as monitoringNamespaces(…).monitoring",
    collectors: "the namespace collectors, such as monitoringNamespaces(…).collectors",
    requests: "a list of the stores with their buckets, such as [{ store: logs, buckets: [loki-chunks] }]",
} as const;
