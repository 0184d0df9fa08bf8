import { counted, workload, type Row, type System, type Workload } from "../../kubernetes/workload";
import { tempoDistributedChart, tempoSingleChart } from "./chart";
import { CANARY_LABELS, podLabels, type Component } from "./names";

/** The slice of the settings. */
export const AT = "traces";

const SYSTEM: System = {
    name: "tempo",
    settings: AT,
    chart: tempoDistributedChart.name,
    labels: (component) => podLabels(component as Component),
    budget: { at: "podDisruptionBudget", switch: "enabled", beside: "maxUnavailable" },
};

/** Both kinds of autoscaler keep the one minimum. */
const scaledBy = (...kinds: readonly string[]) => ({
    scalers: kinds.map((kind) => ({ on: `${kind}.enabled`, least: "autoscaling.minReplicas" })),
});
const SCALED = scaledBy("autoscaling");
const SWITCHED = { needs: ["enabled"] };
const QUERIES = "while its node is away nothing is answered";

const rows = {
    gateway: { ...SCALED, ...SWITCHED, least: 2, why: "the one address of queries is gone" },
    distributor: {
        ...SCALED,
        least: 3,
        why: "one takes nothing in while its node is away, and of two the one that is left has to take everything",
    },
    ingester: {
        ...SCALED,
        ...SWITCHED,
        least: 3,
        standing: "quorum",
        why: "each write needs two of three copies, so the loss of one more pod stops writes and loses the newest data",
        grace: 300,
    },
    querier: { ...SCALED, least: 2, why: QUERIES },
    queryFrontend: { ...SCALED, least: 2, why: QUERIES },
    compactor: {
        ...scaledBy("autoscaling", "autoscaling.hpa", "autoscaling.keda"),
        least: 2,
        why: "blocks pile up and nothing is deleted",
    },
    metricsGenerator: {
        ...SWITCHED,
        least: 2,
        standing: "quorum",
        why: "metrics made from spans have gaps",
    },
    memcached: {
        least: 2,
        why: "while its node is away every query reads the object store",
        place: { onlyIf: { path: "memcached.enabled", is: true } },
    },
} satisfies Readonly<Record<string, Row>>;

/** By the keys of the settings' `replicas`. */
export const tempoReplicated = counted(SYSTEM, rows);

const single = workload({ name: SYSTEM.name, settings: AT, chart: tempoSingleChart.name }, "single", {
    at: "tempo",
    why: "a stack that survives something runs the other chart",
    place: { replicas: "replicas" },
});

const canary = workload({ name: SYSTEM.name, settings: AT }, "canary", {
    labels: CANARY_LABELS,
    why: "a canary: while it is away nothing is lost, and an alert tells of its silence",
});

export const tempoWorkloads: readonly Workload[] = [...Object.values(tempoReplicated), single, canary];
