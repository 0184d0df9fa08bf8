/**
 * uids of Grafana's data sources, by role: dashboards, those of teams too, refer to them and stay as they are when a
 * store of another kind takes a role.
 */
export const DATASOURCES = {
    metrics: "metrics",
    /** Another metrics store beside it, while a stack moves from one to the other. */
    secondMetrics: "metrics2",
    localMetrics: "prometheus",
    logs: "logs",
    traces: "traces",
    alerts: "alertmanager",
} as const;

/** Grafana's plugins for the languages that the platform's own dashboards ask in: PromQL, TraceQL. Lines have several. */
export const PLUGINS = { metrics: "prometheus", traces: "tempo" } as const;

/** By what Grafana finds dashboards: ConfigMaps of any namespace. */
export const DASHBOARDS_FROM = {
    label: "grafana_dashboard",
    labelValue: "1",
    /** Names the folder. */
    folderAnnotation: "grafana_folder",
} as const;
