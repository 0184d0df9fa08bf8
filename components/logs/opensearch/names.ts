import { gatewayUrls } from "../search-gateway";

/** Names in the cluster. Addresses follow from them, so they never change. */
export const NAMESPACE = "opensearch";
/** As people call it, and the name of Grafana's data source. */
export const TITLE = "OpenSearch";
/** Grafana's plugin of it. */
export const PLUGIN = "grafana-opensearch-datasource";
export const CLUSTER = "logs";
export const RELEASE = "opensearch";
export const OTLP_RELEASE = "opensearch-otlp";
export const DASHBOARDS_RELEASE = "opensearch-dashboards";
export const EXPORTER_RELEASE = "opensearch-exporter";
/** Shows the reader's password on queries. */
export const GATEWAY = "opensearch-gateway";
export const QUERY_SERVICE = "opensearch-gateway-query";
export const SETUP = "opensearch-setup";

/** Secrets. */
export const GATEWAY_KEYS = "opensearch-gateway-keys";
export const SECURITY_CONFIG = "opensearch-securityconfig";
export const SETUP_USERS = "opensearch-setup-users";
/** The key pair of the bucket of snapshots, by the names that OpenSearch's keystore has for it. */
export const S3_KEYSTORE = "opensearch-s3-keystore";
/** The client's secret at the provider of single sign-on. */
export const DASHBOARDS_OIDC = "opensearch-dashboards-oidc";
export const userSecret = (user: User | DashboardsUser) => `opensearch-${user}`;

/** Who comes with a password. */
export const USERS = ["writer", "reader", "monitor"] as const;
export type User = (typeof USERS)[number];
/** Who comes beside them where Dashboards run: their server, and people. */
export const DASHBOARDS_USERS = ["dashboards", "viewer"] as const;
export type DashboardsUser = (typeof DASHBOARDS_USERS)[number];

/** Names in certificates, by which OpenSearch tells its own nodes, and who sets it up. */
export const NODE_NAME = "opensearch-node";
export const ADMIN_NAME = "opensearch-admin";

/** The one data stream, and what a template, policies and users go by. */
export const DATA_STREAM = "logs-platform-default";
export const PATTERN = "logs-*";

/** Ports that pods listen on. */
export const PORTS = {
    http: 9200,
    transport: 9300,
    otlpGrpc: 4317,
    otlpHttp: 4318,
    otlpHealth: 8686,
    otlpMetrics: 9598,
    exporter: 9108,
    dashboards: 5601,
} as const;

const host = (service: string) => `${service}.${NAMESPACE}.svc.cluster.local`;

/** The search API: bulk too, for shippers with the writer's password. */
export const url = `https://${host(RELEASE)}:${PORTS.http}`;
export const otlpUrl = `http://${host(OTLP_RELEASE)}:${PORTS.otlpHttp}`;
export const dashboardsServiceUrl = `http://${host(DASHBOARDS_RELEASE)}:${PORTS.dashboards}`;
export const { queryUrl } = gatewayUrls(GATEWAY, QUERY_SERVICE, NAMESPACE);

/** Names by which nodes are called. */
export const NODE_HOSTS = [RELEASE, host(RELEASE), `${RELEASE}-headless`, host(`${RELEASE}-headless`), "localhost"];

/** Labels of a workload's pods: the charts have one each, the gateway is the program's own. */
export function podLabels(workload: string): Record<string, string> {
    const [name, instance] = LABELS[workload] ?? ["opensearch", workload];
    return { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance };
}

const LABELS: Readonly<Record<string, readonly [string, string]>> = {
    node: ["opensearch", RELEASE],
    otlp: ["vector", OTLP_RELEASE],
    dashboards: ["opensearch-dashboards", DASHBOARDS_RELEASE],
    exporter: ["prometheus-elasticsearch-exporter", EXPORTER_RELEASE],
    gateway: [GATEWAY, GATEWAY],
};
