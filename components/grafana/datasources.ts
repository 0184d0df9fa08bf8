import { DATASOURCES, alertmanagerUrl, prometheusUrl } from "../monitoring/kube-prometheus-stack/names";
import type { KubePrometheusStackValuesArgs } from "../monitoring/kube-prometheus-stack/values-args";

/** In Grafana's files `$` begins a variable and `$$` is a dollar. */
const VALUE = "$${__value.raw}";
const TAGS = "$${__tags}";

/** Uids of the data sources that are joined with each other. */
interface Joined {
    readonly metrics: string;
    readonly logs: string;
    readonly traces: string;
}

/** Exemplars lead from a point of a graph to its trace. */
const exemplars = ({ traces }: Joined) => [{ name: "trace_id", datasourceUid: traces, urlDisplayLabel: "View trace" }];

/** Span times are the client's: logs and metrics around them may be a little off. */
const around = { spanStartTimeShift: "-5m", spanEndTimeShift: "5m" };

/** Grafana's data sources, joined both ways: metrics to traces, logs to traces, traces to logs and metrics. */
export function datasources(args: KubePrometheusStackValuesArgs) {
    return {
        apiVersion: 1,
        prune: true,
        datasources: [
            metrics(args, DATASOURCES),
            localMetrics(args, DATASOURCES),
            logs(args, DATASOURCES),
            traces(args, DATASOURCES),
            alerts(),
            ...args.tenants.flatMap((tenant) => furtherTenant(args, tenant)),
        ],
    };
}

/** What another tenant has, joined with its own; its traces are among all others where Tempo has one tenant. */
function furtherTenant(all: KubePrometheusStackValuesArgs, tenant: string) {
    const { multitenancy } = all.traceStore;
    const args = {
        ...all,
        metricsStore: { ...all.metricsStore, tenant },
        logStore: { ...all.logStore, tenant },
        traceStore: { ...all.traceStore, tenant },
    };
    const joined = {
        metrics: `${DATASOURCES.metrics}-${tenant}`,
        logs: `${DATASOURCES.logs}-${tenant}`,
        traces: multitenancy ? `${DATASOURCES.traces}-${tenant}` : DATASOURCES.traces,
    };
    return [
        { ...metrics(args, joined), name: `Cortex ${tenant}`, isDefault: false },
        { ...logs(args, joined), name: `Loki ${tenant}` },
        ...(multitenancy ? [{ ...traces(args, joined), name: `Tempo ${tenant}` }] : []),
    ];
}

/** The tenant's header, which Grafana keeps with its secrets although it is none. */
function tenantHeader(tenant: string) {
    return {
        jsonData: { httpHeaderName1: "X-Scope-OrgID" },
        secureJsonData: { httpHeaderValue1: tenant },
    };
}

function metrics({ metricsStore, settings }: KubePrometheusStackValuesArgs, joined: Joined) {
    const { jsonData, secureJsonData } = tenantHeader(metricsStore.tenant);
    return {
        name: "Cortex",
        uid: joined.metrics,
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
            exemplarTraceIdDestinations: exemplars(joined),
        },
        secureJsonData,
    };
}

function localMetrics({ settings }: KubePrometheusStackValuesArgs, joined: Joined) {
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
            exemplarTraceIdDestinations: exemplars(joined),
        },
    };
}

function logs({ logStore }: KubePrometheusStackValuesArgs, joined: Joined) {
    const { jsonData, secureJsonData } = tenantHeader(logStore.tenant);
    return {
        name: "Loki",
        uid: joined.logs,
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
                    datasourceUid: joined.traces,
                    url: VALUE,
                    urlDisplayLabel: "View trace",
                },
            ],
        },
        secureJsonData,
    };
}

function traces({ traceStore }: KubePrometheusStackValuesArgs, joined: Joined) {
    const { jsonData, secureJsonData } = tenantHeader(traceStore.tenant);
    return {
        name: "Tempo",
        uid: joined.traces,
        type: "tempo",
        access: "proxy",
        url: traceStore.queryUrl,
        jsonData: {
            ...jsonData,
            tracesToLogsV2: {
                datasourceUid: joined.logs,
                ...around,
                filterByTraceID: true,
                filterBySpanID: false,
                tags: [{ key: "service.name", value: "service_name" }],
            },
            tracesToMetrics: {
                datasourceUid: joined.metrics,
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
            serviceMap: { datasourceUid: joined.metrics },
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
