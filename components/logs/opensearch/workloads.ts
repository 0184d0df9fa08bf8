import { counted, scaler, workload, type System, type Workload } from "../../kubernetes/workload";
import { dashboardsChart, exporterChart, opensearchChart, vectorChart } from "./chart";
import { podLabels } from "./names";

/** The slice of the settings. */
export const AT = "logs";

const common = { name: "opensearch", settings: AT, labels: podLabels };

const NODES: System = { ...common, chart: opensearchChart.name, values: `${AT}.values` };
const OTLP: System = {
    ...common,
    chart: vectorChart.name,
    values: `${AT}.vectorValues`,
    budget: { at: "podDisruptionBudget", switch: "enabled" },
};

const nodes = counted(NODES, {
    node: {
        at: "",
        least: 3,
        standing: "quorum",
        why: "they elect a manager by most of them, and of two none is elected once one is away",
        memory: `${AT}.memory.node`,
        grace: 300,
        place: {
            affinity: undefined,
            apart: { path: "antiAffinity", is: "hard", topology: "antiAffinityTopologyKey" },
            strategy: "updateStrategy",
        },
    },
});

const otlp = counted(OTLP, {
    otlp: {
        at: "",
        least: 2,
        why: "nothing is taken in while its node is away",
        place: { strategy: "updateStrategy" },
    },
});

const dashboards = counted(
    {
        ...common,
        chart: dashboardsChart.name,
        values: `${AT}.dashboardsValues`,
        below: { replicas: "replicaCount", strategy: "updateStrategy" },
    },
    {
        dashboards: {
            at: "",
            least: 2,
            scalers: [scaler("autoscaling")],
            why: "nobody reads lines in Dashboards during the incident that took its node",
        },
    },
);

/** The gateway of queries is no part of a chart. */
const gateway = counted(common, { gateway: { least: 2, why: "the one address of queries is gone" } });

const exporter = workload(
    { ...common, chart: exporterChart.name, values: `${AT}.exporterValues`, below: { replicas: "replicaCount" } },
    "exporter",
    { at: "", exactly: true, why: "while it is away nothing is known of the nodes; two would tell everything twice" },
);

/** By the keys of the settings' `replicas`. */
export const opensearchReplicated = { ...nodes, ...otlp, ...gateway, ...dashboards };

export const opensearchWorkloads: readonly Workload[] = [...Object.values(opensearchReplicated), exporter];
