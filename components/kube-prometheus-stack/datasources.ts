import { DATASOURCES, alertmanagerUrl, prometheusUrl } from "./addresses";
import type { KubePrometheusStackValuesArgs } from "./values-args";

/** In Grafana's files `$` begins a variable and `$$` is a dollar. */
const VALUE = "$${__value.raw}";
const TAGS = "$${__tags}";

/** Exemplars lead from a point of a graph to its trace. */
const exemplarTraceIdDestinations = [
    { name: "trace_id", datasourceUid: DATASOURCES.traces, urlDisplayLabel: "View trace" },
];

/** Span times are the client's: logs and metrics around them may be a little off. */
const around = { spanStartTimeShift: "-5m", spanEndTimeShift: "5m" };

/** Grafana's data sources, joined both ways: metrics to traces, logs to traces, traces to logs and metrics. */
export function datasources(args: KubePrometheusStackValuesArgs) {
    return {
        apiVersion: 1,
        prune: true,
        datasources: [
            metrics(args),
            localMetrics(args),
            logs(args),
            traces(args),
            alerts(),
            ...(args.settings.grafana.tenants ?? []).flatMap((tenant) => furtherTenant(args, tenant)),
        ],
    };
}

/** Metrics and logs of another tenant, as clients outside may have; Tempo has one for all. */
function furtherTenant(args: KubePrometheusStackValuesArgs, tenant: string) {
    const { metricsStore, logStore } = args;
    return [
        {
            ...metrics({ ...args, metricsStore: { ...metricsStore, tenant } }),
            name: `Cortex ${tenant}`,
            uid: `${DATASOURCES.metrics}-${tenant}`,
            isDefault: false,
        },
        {
            ...logs({ ...args, logStore: { ...logStore, tenant } }),
            name: `Loki ${tenant}`,
            uid: `${DATASOURCES.logs}-${tenant}`,
        },
    ];
}

/** The tenant's header, which Grafana keeps with its secrets although it is none. */
function tenantHeader(tenant: string) {
    return {
        jsonData: { httpHeaderName1: "X-Scope-OrgID" },
        secureJsonData: { httpHeaderValue1: tenant },
    };
}

function metrics({ metricsStore, settings }: KubePrometheusStackValuesArgs) {
    const { jsonData, secureJsonData } = tenantHeader(metricsStore.tenant);
    return {
        name: "Cortex",
        uid: DATASOURCES.metrics,
        type: "prometheus",
        access: "proxy",
        url: metricsStore.queryUrl,
        // Deduplicated and long; Prometheus itself is one of a pair and one day.
        isDefault: true,
        jsonData: {
            ...jsonData,
            httpMethod: "POST",
            prometheusType: "Cortex",
            timeInterval: settings.prometheus.scrapeInterval,
            manageAlerts: true,
            alertmanagerUid: DATASOURCES.alerts,
            exemplarTraceIdDestinations,
        },
        secureJsonData,
    };
}

function localMetrics({ settings }: KubePrometheusStackValuesArgs) {
    return {
        name: "Prometheus",
        uid: DATASOURCES.localMetrics,
        type: "prometheus",
        access: "proxy",
        url: prometheusUrl,
        jsonData: {
            httpMethod: "POST",
            prometheusType: "Prometheus",
            timeInterval: settings.prometheus.scrapeInterval,
            manageAlerts: false,
            exemplarTraceIdDestinations,
        },
    };
}

function logs({ logStore }: KubePrometheusStackValuesArgs) {
    const { jsonData, secureJsonData } = tenantHeader(logStore.tenant);
    return {
        name: "Loki",
        uid: DATASOURCES.logs,
        type: "loki",
        access: "proxy",
        url: logStore.queryUrl,
        jsonData: {
            ...jsonData,
            maxLines: 1000,
            derivedFields: [
                {
                    name: "trace_id",
                    // Structured metadata, as OTLP logs carry it; the line itself is not searched.
                    matcherType: "label",
                    matcherRegex: "trace_id",
                    datasourceUid: DATASOURCES.traces,
                    url: VALUE,
                    urlDisplayLabel: "View trace",
                },
            ],
        },
        secureJsonData,
    };
}

function traces({ traceStore }: KubePrometheusStackValuesArgs) {
    const { jsonData, secureJsonData } = tenantHeader(traceStore.tenant);
    return {
        name: "Tempo",
        uid: DATASOURCES.traces,
        type: "tempo",
        access: "proxy",
        url: traceStore.queryUrl,
        jsonData: {
            ...jsonData,
            tracesToLogsV2: {
                datasourceUid: DATASOURCES.logs,
                ...around,
                filterByTraceID: true,
                filterBySpanID: false,
                tags: [{ key: "service.name", value: "service_name" }],
            },
            tracesToMetrics: {
                datasourceUid: DATASOURCES.metrics,
                ...around,
                tags: [{ key: "service.name", value: "service" }],
                queries: [
                    { name: "Rate", query: `sum(rate(traces_spanmetrics_calls_total{${TAGS}}[5m]))` },
                    {
                        name: "p95",
                        query: `histogram_quantile(0.95, sum by (le) (rate(traces_spanmetrics_latency_bucket{${TAGS}}[5m])))`,
                    },
                ],
            },
            serviceMap: { datasourceUid: DATASOURCES.metrics },
            nodeGraph: { enabled: true },
        },
        secureJsonData,
    };
}

function alerts() {
    return {
        name: "Alertmanager",
        uid: DATASOURCES.alerts,
        type: "alertmanager",
        access: "proxy",
        url: alertmanagerUrl,
        jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
    };
}
