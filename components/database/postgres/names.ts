/** Names that addresses, policies and selectors follow from. */
export const OPERATOR_RELEASE = "cnpg";
export const OPERATOR_NAMESPACE = "cnpg-system";
export const OPERATOR_LABELS = {
    "app.kubernetes.io/name": "cloudnative-pg",
    "app.kubernetes.io/instance": OPERATOR_RELEASE,
};

export const DATABASE_NAMESPACE = "postgres";
export const CLUSTER = "grafana-db";
/** Database and its owner. */
export const DATABASE = "grafana";
export const OWNER_SECRET = `${CLUSTER}-app`;
export const INSTANCE_LABELS = { "cnpg.io/cluster": CLUSTER, "cnpg.io/podRole": "instance" };

/** The plugin that archives, by which the operator finds it; it must stand in the operator's namespace. */
export const PLUGIN = "barman-cloud.cloudnative-pg.io";
export const PLUGIN_RELEASE = "plugin-barman-cloud";
export const PLUGIN_LABELS = {
    "app.kubernetes.io/name": "plugin-barman-cloud",
    "app.kubernetes.io/instance": PLUGIN_RELEASE,
};
/** What the plugin is told of the archive, and the Secret with the key pair for it. */
export const ARCHIVE = `${CLUSTER}-archive`;
export const ARCHIVE_SECRET = "archive-s3";

export const PORTS = {
    postgres: 5432,
    /** Status API of the instance manager, which the operator asks before each decision. */
    status: 8000,
    instanceMetrics: 9187,
    operatorMetrics: 8080,
    webhook: 9443,
} as const;
