import { counted, scaler, workload, type Row, type System, type Workload } from "../../kubernetes/workload";
import { lokiChart } from "./chart";
import { podLabels } from "./names";

/** The slice of the settings. */
export const AT = "logs";

const SYSTEM: System = {
    name: "loki",
    settings: AT,
    chart: lokiChart.name,
    labels: podLabels,
    budget: { at: "podDisruptionBudget", switch: "enabled", beside: "maxUnavailable" },
    needs: ["enabled"],
};

const mode = (is: string) => ({ place: { onlyIf: { path: "deploymentMode", is } } });
const DISTRIBUTED = mode("Distributed");
const SCALED = { scalers: [scaler("autoscaling"), scaler("kedaAutoscaling")] };

const QUERIES = "while its node is away nothing is answered";
const COPIES =
    "each write needs two of three copies, so the loss of one more pod stops writes and loses the newest data";
const CACHE = "what it holds is read from the object store again";

const rows = {
    // It stands before both modes.
    gateway: {
        ...SCALED,
        least: 2,
        why: "the one address of pushes and queries is gone",
        place: { strategy: "gateway.deploymentStrategy" },
    },
    distributor: {
        ...DISTRIBUTED,
        ...SCALED,
        least: 3,
        why: "one takes nothing in while its node is away, and of two the one that is left has to take everything",
    },
    ingester: {
        ...DISTRIBUTED,
        ...SCALED,
        least: 3,
        only: {
            in: ["zone"],
            holds: (count) => count <= 3,
            words: "no more than 3",
            why: `the ring knows no zones, so that two of four share one, and with it a stream may lose its quorum: raise ${AT}.memory.ingester`,
        },
        standing: "quorum",
        why: COPIES,
        memory: `${AT}.memory.ingester`,
        grace: 300,
    },
    querier: {
        ...DISTRIBUTED,
        ...SCALED,
        least: 3,
        why: "one answers nothing while its node is away, and of two the one that is left has to answer everything",
        memory: `${AT}.memory.querier`,
    },
    queryFrontend: { ...DISTRIBUTED, ...SCALED, least: 2, why: QUERIES },
    queryScheduler: { ...DISTRIBUTED, least: 2, why: QUERIES },
    indexGateway: { ...DISTRIBUTED, least: 2, standing: "quorum", why: QUERIES },
    ruler: {
        ...DISTRIBUTED,
        least: 2,
        standing: "quorum",
        why: "rules on logs are not evaluated and alerts stay silent",
    },
    chunksCache: { component: "memcached-chunks-cache", why: CACHE },
    resultsCache: { component: "memcached-results-cache", why: CACHE },
    canary: { at: "lokiCanary", why: "a canary: while it is away nothing is lost, and an alert tells of its silence" },
} satisfies Readonly<Record<string, Row>>;

/** By the keys of the settings' `replicas`. */
export const lokiReplicated = counted(SYSTEM, rows);

const compactor = workload(SYSTEM, "compactor", {
    ...DISTRIBUTED,
    least: 1,
    exactly: true,
    why: "none: nothing is ever deleted; two: they work against each other",
});

/** Everything in one process. A stack that survives something is never given it here, but others may be. */
export const lokiSingleBinary = workload(SYSTEM, "singleBinary", {
    ...mode("Monolithic"),
    ...SCALED,
    least: 3,
    standing: "quorum",
    why: COPIES,
});

const { chunksCache, resultsCache, canary, ...tasks } = lokiReplicated;

export const lokiWorkloads: readonly Workload[] = [
    ...Object.values(tasks),
    ...[compactor, lokiSingleBinary, chunksCache, resultsCache, canary],
];
