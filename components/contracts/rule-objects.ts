/**
 * Label of PrometheusRule objects that others than Prometheus evaluate. It is written into manifests of others: neither it
 * nor its values ever change.
 */
const LABEL = "observability-platform/rules";

/** Expressions in LogQL. Collectors carry the objects to the log store's ruler. */
export const LOG_RULES = { label: LABEL, value: "logs" } as const;

/** Expressions in PromQL on what the metrics store alone has: its ruler asks the store, and Prometheus leaves them alone. */
export const STORE_RULES = { label: LABEL, value: "metrics" } as const;

const allBut = (...values: readonly string[]) => ({
    matchExpressions: [{ key: LABEL, operator: "NotIn" as const, values: [...values] }],
});

/** Selects what Prometheus evaluates, objects without the label among them. */
export const PROMETHEUS_RULES = allBut(LOG_RULES.value, STORE_RULES.value);

/** Selects every object in PromQL, whoever evaluates it. */
export const PROMQL_RULES = allBut(LOG_RULES.value);
