import type { ValuesFault } from "./values";

const CORTEX = "http://cortex-nginx.cortex.svc.cluster.local";
const QUERY = "http://cortex-query.cortex.svc.cluster.local";
const LOKI = "http://loki-gateway.loki.svc.cluster.local";
const TENANT = { "X-Scope-OrgID": "prod" };

/** Addresses whose host and port are right: only who answers there can tell that nobody listens on the path. */
const PATHS: readonly ValuesFault[] = [
    {
        name: "a remote write of Prometheus without its path",
        check: "served-paths",
        finds: /Prometheus\/kps-prometheus: remoteWrite calls \/ at .*cortex-nginx.* -> \/api\/v1\/push or /,
        settings: {
            kubePrometheusStack: {
                values: { prometheus: { prometheusSpec: { remoteWrite: [{ url: `${CORTEX}/`, headers: TENANT }] } } },
            },
        },
    },
    {
        name: "a remote write of the collectors to the gateway's port for queries",
        check: "served-paths",
        finds: /prometheus.remote_write.metrics calls \/api\/v1\/push at .*cortex-query.*port 8081 does not take it/,
        settings: { k8sMonitoring: { values: { destinations: { metrics: { url: `${QUERY}/api/v1/push` } } } } },
    },
    {
        name: "a push of log lines without its path",
        check: "served-paths",
        finds: /loki.write.logs calls \/ at .* -> \/loki\/api\/v1\/push or /,
        settings: { k8sMonitoring: { values: { destinations: { logs: { url: LOKI } } } } },
    },
    {
        name: "OTLP to the root of a store that takes it below a path",
        check: "served-paths",
        finds: /otelcol.exporter.otlphttp.pushed_logs calls .* or \/v1\/logs or .* -> \/otlp\/v1\/logs/,
        settings: { k8sMonitoring: { values: { destinations: { "pushed-logs": { url: LOKI } } } } },
    },
    {
        name: "rules on logs whose samples go where Prometheus would take them",
        check: "served-paths",
        finds: /loki\/ConfigMap\/loki: ruler's remote_write calls \/api\/v1\/write /,
        settings: {
            logs: {
                values: {
                    loki: {
                        rulerConfig: { remote_write: { clients: { metrics: { url: `${CORTEX}/api/v1/write` } } } },
                    },
                },
            },
        },
    },
    {
        name: "metrics of spans that are written to the root",
        check: "served-paths",
        finds: /tempo\/ConfigMap\/tempo-config: metrics_generator's remote_write calls \/ /,
        settings: {
            traces: {
                values: {
                    metricsGenerator: {
                        config: { storage: { remote_write: [{ url: `${CORTEX}/`, headers: TENANT }] } },
                    },
                },
            },
        },
    },
    {
        name: "a data source that asks the store without its prefix",
        check: "served-paths",
        finds: /data source Cortex calls \/api\/v1\/query at .* -> \/prometheus\/api\/v1\/query or /,
        settings: {
            kubePrometheusStack: {
                values: {
                    grafana: {
                        datasources: {
                            "datasources.yaml": {
                                datasources: [
                                    {
                                        ...{ name: "Cortex", type: "prometheus", uid: "metrics", url: QUERY },
                                        jsonData: { httpHeaderName1: "X-Scope-OrgID" },
                                        secureJsonData: { httpHeaderValue1: "prod" },
                                    },
                                ],
                            },
                        },
                    },
                },
            },
        },
    },
    {
        name: "a ruler that tells alerts below a prefix which Alertmanager does not have",
        check: "served-paths",
        finds: /cortex\/Secret\/cortex: Cortex's ruler calls \/alertmanager\/api\/v2\/alerts .* -> \/api\/v2\/alerts/,
        settings: {
            metrics: {
                values: {
                    config: {
                        ruler: {
                            alertmanager_url:
                                "http://_http-web._tcp.alertmanager-operated.monitoring.svc.cluster.local/alertmanager",
                        },
                    },
                },
            },
        },
    },
];

/** What the API server takes of a workload, and refuses of its pods. */
const PAIRS: readonly ValuesFault[] = [
    {
        name: "ingesters whose memory is limited to less than they ask for",
        check: "resource-pairs",
        finds: /cortex\/StatefulSet\/cortex-ingester: .* of memory, and is limited to 64Mi/,
        settings: { metrics: { values: { ingester: { resources: { limits: { memory: "64Mi" } } } } } },
    },
    {
        name: "queriers whose CPU is limited to less than they ask for",
        check: "resource-pairs",
        finds: /loki\/Deployment\/loki-querier: .* of cpu, and is limited to 0.1/,
        settings: { logs: { values: { querier: { resources: { limits: { cpu: "0.1" } } } } } },
    },
    {
        name: "distributors whose disk is limited to less than they ask for",
        check: "resource-pairs",
        finds: /tempo\/Deployment\/tempo-distributor: .* 2Gi of ephemeral-storage, and is limited to 1Gi/,
        settings: {
            traces: {
                values: {
                    distributor: {
                        resources: {
                            requests: { "ephemeral-storage": "2Gi" },
                            limits: { "ephemeral-storage": "1Gi" },
                        },
                    },
                },
            },
        },
    },
];

const ACCESS: readonly ValuesFault[] = [
    {
        name: "a Grafana that makes an Admin of whoever opens it",
        check: "grafana-logins",
        finds: /monitoring\/ConfigMap\/grafana: auth.anonymous /,
        settings: {
            kubePrometheusStack: {
                values: { grafana: { "grafana.ini": { "auth.anonymous": { enabled: true, org_role: "Admin" } } } },
            },
        },
    },
    {
        name: "a Grafana that believes the header of any proxy",
        check: "grafana-logins",
        finds: /monitoring\/ConfigMap\/grafana: auth.proxy /,
        settings: {
            kubePrometheusStack: { values: { grafana: { "grafana.ini": { "auth.proxy": { enabled: true } } } } },
        },
    },
    {
        name: "a store of metrics that no longer hears its clients' tenants",
        check: "tenants",
        finds: /cortex\/Secret\/cortex: auth_enabled is false; \d+ users of cortex name tenants: .*prod/,
        settings: { metrics: { values: { config: { auth_enabled: false } } } },
    },
    {
        name: "a store of logs that no longer hears its clients' tenants",
        check: "tenants",
        finds: /loki\/ConfigMap\/loki: auth_enabled is false; \d+ users of loki name tenants: prod/,
        settings: { logs: { values: { loki: { auth_enabled: false } } } },
    },
    {
        name: "two releases of one namespace that call their pods by one name",
        check: "owners",
        finds: /monitoring\/Deployment\/kps-operator: made by release .* and release /,
        settings: { blackboxExporter: { values: { fullnameOverride: "kps-operator" } } },
    },
    {
        name: "a key in plain text in a store's configuration",
        check: "literal-secrets",
        finds: /cortex\/Secret\/cortex: a value of cortex.yaml.blocks_storage.s3.secret_access_key/,
        settings: {
            metrics: { values: { config: { blocks_storage: { s3: { secret_access_key: "no-key-of-anybody" } } } } },
        },
    },
];

/** Those that people have made, or could as easily. */
export const USERS: readonly ValuesFault[] = [...PATHS, ...PAIRS, ...ACCESS];
