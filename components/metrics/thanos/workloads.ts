import { counted, scaler, workload, type Row, type System, type Workload } from "../../kubernetes/workload";
import { thanosChart } from "./chart";
import { CACHES, podLabels, type CacheUse } from "./names";

/** The slice of the settings. */
export const AT = "metrics";

const SYSTEM: System = {
    name: "thanos",
    settings: AT,
    chart: thanosChart.name,
    labels: podLabels,
    below: { strategy: "updateStrategy" },
    budget: { at: "podDisruptionBudget", switch: "enabled" },
    needs: ["enabled"],
};

const SCALED = { scalers: [scaler("autoscaling")] };
/** Routers and ingestors are switched together. */
const RECEIVE = { place: { needs: ["receive.enabled"] } };

const rows = {
    router: {
        ...SCALED,
        ...RECEIVE,
        at: "receive.router",
        component: "receive-router",
        least: 3,
        why: "one takes nothing in while its node is away, and of two the one that is left has to take everything",
    },
    ingestor: {
        ...RECEIVE,
        at: "receive.ingestor",
        component: "receive-ingestor",
        least: 3,
        standing: "quorum",
        why: "each write needs two of three copies, so the loss of one more pod stops writes and loses the newest data",
        only: {
            in: ["zone"],
            holds: (count) => count === 3,
            words: "3",
            why: "ingestors do not know their zone, and of more than one in each two may hold two copies of the same series",
        },
        grace: 600,
    },
    query: {
        ...SCALED,
        least: 3,
        why: "one answers nothing while its node is away, and of two the one that is left has to answer everything",
    },
    queryFrontend: { ...SCALED, least: 2, why: "while its node is away nothing is answered" },
    storeGateway: {
        least: 2,
        standing: "volume",
        why: "while its node is away what is older than the ingestors' blocks is in no answer",
        needs: ["enabled"],
        grace: 120,
    },
} satisfies Readonly<Record<string, Row>>;

const compactor = workload(SYSTEM, "compact", {
    exactly: true,
    standing: "volume",
    why: "two would work against each other; while it is away blocks wait",
    grace: 120,
});

/** The gateway is no part of the chart. */
const gateway = counted(
    { name: SYSTEM.name, settings: AT, labels: podLabels },
    { gateway: { least: 2, why: "the one address of pushes and queries is gone" } },
);

/** By the keys of the settings' `replicas`. */
export const thanosReplicated = { ...counted(SYSTEM, rows), ...gateway };

function cache(use: CacheUse): Row {
    return {
        component: CACHES[use],
        setting: `${AT}.caches.replicas`,
        least: 2,
        why: "while its node is away every query reads the object store",
    };
}

/** The caches, which are no part of the chart either, by the settings of their memory. */
export const thanosCaches = counted(
    { name: SYSTEM.name, settings: AT, labels: podLabels },
    { results: cache("results"), index: cache("index"), chunks: cache("chunks") },
);

export const thanosWorkloads: readonly Workload[] = [
    ...Object.values(thanosReplicated),
    ...Object.values(thanosCaches),
    compactor,
];
