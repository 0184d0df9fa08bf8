import { grafanaVariable, type DataSource } from "../contracts/datasource";
import { DATASOURCES } from "../contracts/datasources";
import type { Tenancy } from "../contracts/tenancy";
import type { GrafanaValuesArgs } from "./values-args";

const VALUE = grafanaVariable("__value.raw");
const TAGS = grafanaVariable("__tags");

/** Uids of the data sources that are joined with each other. */
interface Joined {
    readonly metrics: string;
    readonly logs: string;
    readonly traces: string;
}

/** What joins data sources, by the plugin of the one that is to have it. */
type Joins = Readonly<Record<string, unknown>>;

/** Exemplars lead from a point of a graph to its trace. */
function exemplars({ traces }: Joined): Joins {
    return {
        exemplarTraceIdDestinations: [{ name: "trace_id", datasourceUid: traces, urlDisplayLabel: "View trace" }],
    };
}

/** Span times are the client's: logs and metrics around them may be a little off. */
const around = { spanStartTimeShift: "-5m", spanEndTimeShift: "5m" };

/** Grafana's data sources, joined both ways: metrics to traces, logs to traces, traces to logs and metrics. */
export function datasources(args: GrafanaValuesArgs) {
    return {
        apiVersion: 1,
        prune: true,
        datasources: [
            metrics(args, DATASOURCES),
            ...secondMetrics(args, DATASOURCES),
            localMetrics(args, DATASOURCES),
            logs(args, DATASOURCES),
            traces(args, DATASOURCES),
            alerts(args),
            ...args.tenants.flatMap((tenant) => furtherTenant(args, tenant)),
            ...(args.tenants.length > 0 ? everyTenant(args) : []),
        ],
    };
}

/** What all tenants have, of the stores that answer for several at once, joined with each other. */
function everyTenant(all: GrafanaValuesArgs) {
    const together = ({ tenancy }: { readonly tenancy: Tenancy }) =>
        tenancy.multitenancy && tenancy.several !== undefined;
    const of = <Store extends { readonly datasource: DataSource; readonly tenancy: Tenancy }>(store: Store): Store => {
        const { several, tenant } = store.tenancy;
        if (several === undefined) return store;
        const headers = () => several([tenant, ...all.tenants]);
        return {
            ...store,
            tenancy: { ...store.tenancy, headers },
            datasource: { ...store.datasource, title: `${store.datasource.title}, all tenants` },
        };
    };
    const { metricsStore, logStore, traceStore } = all;
    const args = { ...all, metricsStore: of(metricsStore), logStore: of(logStore), traceStore: of(traceStore) };
    // No tenant's uid begins so.
    const uidOf = (role: keyof Joined, store: { readonly tenancy: Tenancy }) =>
        together(store) ? `all-tenants-${DATASOURCES[role]}` : DATASOURCES[role];
    const joined = {
        metrics: uidOf("metrics", metricsStore),
        logs: uidOf("logs", logStore),
        traces: uidOf("traces", traceStore),
    };
    const byMetrics = metrics(args, joined);
    return [
        // Rules are written to one tenant.
        ...(together(metricsStore)
            ? [{ ...byMetrics, isDefault: false, jsonData: { ...byMetrics.jsonData, manageAlerts: false } }]
            : []),
        ...(together(logStore) ? [logs(args, joined)] : []),
        ...(together(traceStore) ? [traces(args, joined)] : []),
    ];
}

/**
 * What another tenant has, joined with its own. A store that does not tell tenants apart shows all under the platform's
 * data source, so it gets no second one.
 */
function furtherTenant(all: GrafanaValuesArgs, tenant: string) {
    const uidOf = (role: keyof Joined, { multitenancy }: Tenancy) =>
        multitenancy ? `${DATASOURCES[role]}-${tenant}` : DATASOURCES[role];
    const { metricsStore, secondMetricsStore, logStore, traceStore } = all;
    const args = {
        ...all,
        metricsStore: ofTenant(metricsStore, tenant),
        logStore: ofTenant(logStore, tenant),
        traceStore: ofTenant(traceStore, tenant),
    };
    const joined = {
        metrics: uidOf("metrics", metricsStore.tenancy),
        logs: uidOf("logs", logStore.tenancy),
        traces: uidOf("traces", traceStore.tenancy),
    };
    return [
        ...(metricsStore.tenancy.multitenancy ? [{ ...metrics(args, joined), isDefault: false }] : []),
        ...(secondMetricsStore?.tenancy.multitenancy ? secondMetrics(args, joined, tenant) : []),
        ...(logStore.tenancy.multitenancy ? [logs(args, joined)] : []),
        ...(traceStore.tenancy.multitenancy ? [traces(args, joined)] : []),
    ];
}

/** A store, as another tenant sees it. */
function ofTenant<Store extends { readonly datasource: DataSource; readonly tenancy: Tenancy }>(
    store: Store,
    tenant: string,
): Store {
    return {
        ...store,
        tenancy: { ...store.tenancy, tenant },
        datasource: { ...store.datasource, title: `${store.datasource.title} ${tenant}` },
    };
}

/** What every data source of a store has; Grafana keeps the tenant's header with its secrets although it is none. */
function storeSource(
    { datasource, tenancy }: { readonly datasource: DataSource; readonly tenancy: Tenancy },
    uid: string,
    joins: Joins,
) {
    const { title, type, url, jsonData } = datasource;
    const headers = Object.entries(tenancy.headers(tenancy.tenant));
    const numbered = (key: string, part: 0 | 1) =>
        Object.fromEntries(headers.map((header, i) => [`${key}${i + 1}`, header[part]]));
    return {
        name: title,
        uid,
        type,
        access: "proxy",
        url,
        jsonData: { ...numbered("httpHeaderName", 0), ...jsonData, ...joins },
        ...(headers.length > 0 && { secureJsonData: numbered("httpHeaderValue", 1) }),
    };
}

function metrics({ metricsStore, prometheus }: GrafanaValuesArgs, joined: Joined) {
    return {
        ...storeSource(metricsStore, joined.metrics, {
            httpMethod: "POST",
            timeInterval: prometheus.scrapeInterval,
            // Grafana writes rules through the store's API; where rules are objects it could only fail to.
            manageAlerts: metricsStore.rulerApi,
            alertmanagerUid: DATASOURCES.alerts,
            ...(metricsStore.exemplars && exemplars(joined)),
        }),
        // Deduplicated and long; Prometheus itself is one of a pair and one day.
        isDefault: true,
    };
}

/** The same of the store beside it: what the first does not have yet, or what it will not have any more. */
function secondMetrics(args: GrafanaValuesArgs, joined: Joined, tenant?: string) {
    const { secondMetricsStore: store } = args;
    if (store === undefined) return [];
    const metricsStore = tenant === undefined ? store : ofTenant(store, tenant);
    const uid = tenant === undefined ? DATASOURCES.secondMetrics : `${DATASOURCES.secondMetrics}-${tenant}`;
    return [{ ...metrics({ ...args, metricsStore }, { ...joined, metrics: uid }), isDefault: false }];
}

function localMetrics({ prometheus }: GrafanaValuesArgs, joined: Joined) {
    return {
        name: "Prometheus",
        uid: DATASOURCES.localMetrics,
        type: "prometheus",
        access: "proxy",
        url: prometheus.url,
        jsonData: {
            httpMethod: "POST",
            prometheusType: "Prometheus",
            timeInterval: prometheus.scrapeInterval,
            manageAlerts: false,
            ...exemplars(joined),
        },
    };
}

function logs({ logStore }: GrafanaValuesArgs, joined: Joined) {
    const link = { datasourceUid: joined.traces, url: VALUE, urlDisplayLabel: "View trace" };
    return storeSource(logStore, joined.logs, logStore.datasource.toTrace(link));
}

function traces({ logStore, traceStore }: GrafanaValuesArgs, joined: Joined) {
    return storeSource(traceStore, joined.traces, {
        tracesToLogsV2: {
            datasourceUid: joined.logs,
            ...around,
            ...logStore.datasource.ofSpan,
        },
        // Both are drawn from metrics that the store makes of spans: without those they would lead to empty graphs.
        ...(traceStore.spanMetrics && {
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
        }),
        nodeGraph: { enabled: true },
    });
}

function alerts({ alertmanagerUrl }: GrafanaValuesArgs) {
    return {
        name: "Alertmanager",
        uid: DATASOURCES.alerts,
        type: "alertmanager",
        access: "proxy",
        url: alertmanagerUrl,
        jsonData: { implementation: "prometheus", handleGrafanaManagedAlerts: false },
    };
}
