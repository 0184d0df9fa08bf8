import { COLLECTORS } from "../../kubernetes/namespaces";

/** Names that addresses, selectors and policies follow from. */
export const RELEASE = "k8s-monitoring";
export const NAMESPACE = COLLECTORS;
export const NODE_AGENT_PRIORITY = "observability-node-agent";

/** Service that applications push to; its name has neither release nor collector in it. */
export const RECEIVER_SERVICE = "otel-collector";

/** The collectors, by what they do. The chart refuses a release whose name contains one of these. */
export const COLLECTOR_NAMES = {
    logs: "alloy-logs",
    events: "alloy-events",
    metrics: "alloy-metrics",
    receiver: "alloy-receiver",
} as const;

export type CollectorName = (typeof COLLECTOR_NAMES)[keyof typeof COLLECTOR_NAMES];

/** Labels on a collector's pods. */
export function collectorLabels(collector: CollectorName) {
    return { "app.kubernetes.io/name": collector, "app.kubernetes.io/instance": `${RELEASE}-${collector}` };
}

/** Where telemetry goes, by what it is; the chart names parts of its configuration, and the sampler, after them. */
export const DESTINATIONS = {
    /** Logs read from files. */
    fileLogs: "logs",
    /** Kubernetes events. */
    events: "events",
    /** Logs that applications push. */
    pushedLogs: "pushed-logs",
    traces: "traces",
    /** Metrics that applications push. */
    pushedMetrics: "pushed-metrics",
    /** Metrics that are scraped. */
    metrics: "metrics",
} as const;

/** Made by the chart for the destination of traces, and named by it; decides which traces are kept. */
export const SAMPLER = "alloy-sampler";
export const SAMPLER_LABELS = {
    "app.kubernetes.io/name": SAMPLER,
    "app.kubernetes.io/instance": `${RELEASE}-${DESTINATIONS.traces}-sampler`,
};

export const OPERATOR_LABELS = { "app.kubernetes.io/name": "alloy-operator", "app.kubernetes.io/instance": RELEASE };

/** Ports of the receivers' pods. */
export const RECEIVER_PORTS = {
    otlpGrpc: 4317,
    otlpHttp: 4318,
    jaegerGrpc: 14250,
    jaegerHttp: 14268,
    jaegerCompactUdp: 6831,
    zipkin: 9411,
} as const;

/** Metrics of the collectors (also the port on which clustered ones talk) and of their operator. */
export const METRICS_PORTS = { collector: 12345, operator: 8082 } as const;
