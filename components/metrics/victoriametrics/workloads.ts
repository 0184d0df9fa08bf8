import { counted, scaler, workload, type Row, type System, type Workload } from "../../kubernetes/workload";
import { vmClusterChart, vmOperatorChart, vmSingleChart } from "./chart";
import { operatedLabels, OPERATOR_LABELS, podLabels, VMAGENT, VMALERT } from "./names";

/** The slice of the settings. */
export const AT = "metrics";

const SYSTEM: System = {
    name: "victoriametrics",
    settings: AT,
    chart: vmClusterChart.name,
    labels: podLabels,
    below: { replicas: "replicaCount" },
    budget: { at: "podDisruptionBudget", switch: "enabled" },
    needs: ["enabled"],
};

const SCALED = { scalers: [scaler("horizontalPodAutoscaler")] };

const rows = {
    vmstorage: {
        ...SCALED,
        least: 3,
        standing: "quorum",
        why: "two copies of each sample stay two only with three servers: with one of two away every sample has one",
        grace: 60,
        place: { strategy: undefined },
    },
    vminsert: { ...SCALED, least: 2, why: "nothing is taken in while its node is away" },
    vmselect: {
        ...SCALED,
        least: 2,
        why: "nothing is answered while its node is away",
        place: { strategy: "vmselect.deployment.spec.strategy" },
    },
    vmauth: { ...SCALED, least: 2, why: "the one address of pushes and queries is gone" },
} satisfies Readonly<Record<string, Row>>;

/** The store itself, by the keys of the settings' `replicas`. */
export const vmReplicated = counted(SYSTEM, rows);

const common = { name: SYSTEM.name, settings: AT };

/** What VictoriaMetrics' own objects need beside it, by the same. Of an object of the operator's no chart makes the pods. */
export const vmObjects = {
    ...counted(
        {
            ...common,
            chart: vmOperatorChart.name,
            values: `${AT}.operatorValues`,
            below: { replicas: "replicaCount" },
            budget: { at: "podDisruptionBudget", switch: "enabled" },
        },
        {
            operator: {
                at: "",
                labels: OPERATOR_LABELS,
                least: 2,
                why: "while its node is away no object that is made or changed takes effect",
            },
        },
    ),
    ...counted(common, {
        vmagent: {
            labels: operatedLabels(VMAGENT),
            least: 2,
            // What it has not sent yet is on its volume.
            standing: "volume",
            why: "while its node is away nothing scrapes what objects name",
            grace: 60,
        },
        vmalert: {
            labels: operatedLabels(VMALERT),
            least: 2,
            why: "while its node is away no rule of an object is evaluated, and no alert of one fires",
        },
    }),
};

const single = workload({ name: SYSTEM.name, settings: AT, chart: vmSingleChart.name }, "single", {
    at: "server",
    why: "a stack that survives something runs the other chart",
    place: { replicas: "server.replicaCount" },
});

export const vmWorkloads: readonly Workload[] = [...Object.values(vmReplicated), single, ...Object.values(vmObjects)];
