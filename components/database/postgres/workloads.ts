import { counted, workload, type Counted, type Workload } from "../../kubernetes/workload";
import { barmanCloudChart, cloudnativePgChart } from "./chart";
import { CLUSTERS, OPERATOR_LABELS, PLUGIN_LABELS, type Use } from "./names";

/** The slice of the settings. */
export const AT = "database";

const SYSTEM = { name: "postgres", settings: AT };

export const postgresReplicated = {
    ...counted(SYSTEM, {
        instances: {
            setting: `${AT}.instances`,
            labels: CLUSTERS.grafana.labels,
            least: 3,
            only: {
                in: ["node", "zone"],
                holds: (count) => count % 2 === 1,
                words: "an odd number",
                why: "an even one adds a copy and no failure more",
            },
            standing: "quorum",
            why: "a failover leaves no standby, and dashboards and users are gone with the next loss",
            // As long as the primary may take to hand over: cluster.ts.
            grace: 180,
        },
    }),
    ...counted(
        {
            ...SYSTEM,
            chart: cloudnativePgChart.name,
            below: { replicas: "replicaCount", strategy: "updateStrategy" },
        },
        { operator: { at: "", labels: OPERATOR_LABELS, least: 2, why: "while its node is away no failover is made" } },
    ),
};

/** The instances of a cluster: what holds for Grafana's holds for the others. */
export function instancesOf(use: Use): Counted {
    const { labels, settings } = CLUSTERS[use];
    return { ...postgresReplicated.instances, labels, setting: `${settings}.instances` };
}

/** The instances stand in the operator's custom resource and in no chart. */
const instances: Workload = {
    ...postgresReplicated.instances,
    place: {
        chart: "postgresql.cnpg.io/Cluster",
        at: "spec",
        replicas: "spec.instances",
        resources: "spec.resources",
        needs: [],
        scalers: [],
        apart: { path: "spec.affinity.podAntiAffinityType", is: "required", topology: "spec.affinity.topologyKey" },
        spread: "spec.topologySpreadConstraints",
    },
};

const plugin = workload(
    {
        ...SYSTEM,
        chart: barmanCloudChart.name,
        values: `${AT}.pluginValues`,
        below: { replicas: "replicaCount" },
    },
    "plugin",
    {
        at: "",
        labels: PLUGIN_LABELS,
        why: "its program runs once: while it is away, archiving goes on, and changes of the database wait",
    },
);

/** Key of the instances of the errors' cluster. */
export const ERRORS_INSTANCES = "postgres.errors-instances";

export const postgresWorkloads: readonly Workload[] = [
    instances,
    // Of the errors' cluster, of which the operator's resource is judged as Grafana's is.
    { ...instancesOf("errors"), key: ERRORS_INSTANCES },
    postgresReplicated.operator,
    plugin,
];
