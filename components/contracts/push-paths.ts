/** Paths of pushes from outside a cluster: what a hub's ingest gateway takes, and a sending cluster sends to. */
export const PUSH_PATHS = {
    /** Prometheus remote write. */
    metrics: "/api/v1/push",
    /** Loki's push API. */
    logs: "/loki/api/v1/push",
    /** Base of OTLP over HTTP, to which `/v1/metrics`, `/v1/logs` and `/v1/traces` are appended. */
    otlp: "/otlp",
} as const;
