/**
 * Label of PrometheusRule objects whose expressions are LogQL. Collectors carry them to the log store's ruler; Prometheus
 * and its webhook leave them alone. It is written into manifests of others: it never changes.
 */
export const LOG_RULES = { label: "observability-platform/rules", value: "logs" } as const;

/** Selects all other objects, those without the label among them. */
export const ALL_BUT_LOG_RULES = {
    matchExpressions: [{ key: LOG_RULES.label, operator: "NotIn" as const, values: [LOG_RULES.value] }],
};
