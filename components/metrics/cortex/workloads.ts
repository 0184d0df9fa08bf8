import { counted, scaler, type Row, type System, type Workload } from "../../kubernetes/workload";
import { cortexChart } from "./chart";
import { CACHES, podLabels, RELEASE } from "./names";

/** The slice of the settings. */
export const AT = "metrics";

const SYSTEM: System = {
    name: "cortex",
    settings: AT,
    chart: cortexChart.name,
    labels: podLabels,
    budget: { at: "podDisruptionBudget" },
    needs: ["enabled"],
};

const SCALED = { scalers: [scaler("autoscaling")] };

const rows = {
    distributor: {
        ...SCALED,
        least: 3,
        why: "one takes nothing in while its node is away, and of two the one that is left has to take everything",
    },
    ingester: {
        ...SCALED,
        least: 3,
        standing: "quorum",
        why: "each write needs two of three copies, so the loss of one more pod stops writes and loses the newest data",
        grace: 240,
    },
    querier: {
        ...SCALED,
        least: 3,
        why: "one answers nothing while its node is away, and of two the one that is left has to answer everything",
    },
    queryFrontend: { at: "query_frontend", least: 2, why: "while its node is away nothing is answered" },
    storeGateway: {
        ...SCALED,
        at: "store_gateway",
        least: 3,
        standing: "quorum",
        why: "blocks without a second copy cannot be queried",
        grace: 120,
    },
    compactor: { least: 2, standing: "volume", why: "blocks pile up until queries time out", grace: 120 },
    ruler: { ...SCALED, least: 2, why: "rules are not evaluated and alerts stay silent" },
    gateway: {
        ...SCALED,
        at: "nginx",
        component: "nginx",
        role: "gateway",
        least: 2,
        why: "the one address of pushes and queries is gone",
    },
} satisfies Readonly<Record<string, Row>>;

/** By the keys of the settings' `replicas`. */
export const cortexReplicated = counted(SYSTEM, rows);

function cache(at: string): Row {
    return {
        at,
        role: at,
        setting: `${AT}.caches.replicas`,
        least: 2,
        why: "while its node is away every query reads the object store",
        labels: { "app.kubernetes.io/name": at, "app.kubernetes.io/instance": RELEASE },
        needs: [],
        place: { onlyIf: { path: `${at}.enabled`, is: true } },
    };
}

/** The caches, by the settings of their memory. */
export const cortexCaches = counted(
    {
        ...SYSTEM,
        below: { replicas: "replicaCount", strategy: "updateStrategy" },
        budget: { at: "pdb", switch: "create" },
    },
    {
        results: cache(CACHES.results),
        index: cache(CACHES.index),
        chunks: cache(CACHES.chunks),
        metadata: cache(CACHES.metadata),
    },
);

export const cortexWorkloads: readonly Workload[] = [
    ...Object.values(cortexReplicated),
    ...Object.values(cortexCaches),
];
