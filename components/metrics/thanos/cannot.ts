/**
 * What other stores limit and Thanos does not, with what to do instead. Its limits of a request lose the whole of it, and
 * its limit of series asks a Prometheus now and then, which lets a flood in meanwhile: neither is offered.
 */
const AT_SENDERS =
    "limit it where it is scraped, by sampleLimit and labelLimit of ServiceMonitors, or choose metrics.kind: cortex";

export const CANNOT_LIMIT: Readonly<Record<string, string>> = {
    maxSeries: AT_SENDERS,
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
