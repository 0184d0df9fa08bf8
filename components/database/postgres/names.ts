/** Names that addresses, policies and selectors follow from. */
export const OPERATOR_RELEASE = "cnpg";
export const OPERATOR_NAMESPACE = "cnpg-system";
export const OPERATOR_LABELS = {
    "app.kubernetes.io/name": "cloudnative-pg",
    "app.kubernetes.io/instance": OPERATOR_RELEASE,
};

export const DATABASE_NAMESPACE = "postgres";

/** What a cluster of instances is for. Each has volumes of its own: what fills one does not fill the other. */
export type Use = "grafana" | "errors";

export interface ClusterNames {
    /** As people call it. */
    readonly title: string;
    readonly cluster: string;
    /** Database and its owner. */
    readonly database: string;
    readonly ownerSecret: string;
    readonly labels: Readonly<Record<string, string>>;
    /** What the plugin is told of the archive. */
    readonly archive: string;
    /** Of the owner's password in the state. */
    readonly password: string;
    /** Where its settings stand. */
    readonly settings: string;
}

function named(names: Pick<ClusterNames, "title" | "cluster" | "database" | "password" | "settings">): ClusterNames {
    const { cluster } = names;
    return {
        ...names,
        ownerSecret: `${cluster}-app`,
        labels: { "cnpg.io/cluster": cluster, "cnpg.io/podRole": "instance" },
        archive: `${cluster}-archive`,
    };
}

export const CLUSTERS: Readonly<Record<Use, ClusterNames>> = {
    grafana: named({
        ...{ title: "Grafana's database", cluster: "grafana-db", database: "grafana" },
        ...{ password: "postgres-owner", settings: "database" },
    }),
    errors: named({
        ...{ title: "The errors' database", cluster: "errors-db", database: "errors" },
        ...{ password: "errors-db-owner", settings: "database.errors" },
    }),
};

/** Grafana's. */
export const { cluster: CLUSTER } = CLUSTERS.grafana;

/** The plugin that archives, by which the operator finds it; it must stand in the operator's namespace. */
export const PLUGIN = "barman-cloud.cloudnative-pg.io";
export const PLUGIN_RELEASE = "plugin-barman-cloud";
export const PLUGIN_LABELS = {
    "app.kubernetes.io/name": "plugin-barman-cloud",
    "app.kubernetes.io/instance": PLUGIN_RELEASE,
};
/** The Secret with the key pair for the archive. */
export const ARCHIVE_SECRET = "archive-s3";

export const PORTS = {
    postgres: 5432,
    /** Status API of the instance manager, which the operator asks before each decision. */
    status: 8000,
    instanceMetrics: 9187,
    operatorMetrics: 8080,
    webhook: 9443,
} as const;
