import { both, type Workload } from "./workload";

type Row = readonly [at: string, key: string, least: number, setting: string, why: string, quorum?: boolean];

const PUSHES = "while its node is away nothing is taken in";
const QUERIES = "while its node is away nothing is answered";
const COPIES =
    "each write needs two of three copies, so the loss of one more pod stops writes and loses the newest data";

const CORTEX: readonly Row[] = [
    ["distributor", "distributor", 3, "distributor", PUSHES],
    ["ingester", "ingester", 3, "ingester", COPIES, true],
    ["querier", "querier", 3, "querier", QUERIES],
    ["query_frontend", "query-frontend", 2, "queryFrontend", QUERIES],
    ["store_gateway", "store-gateway", 3, "storeGateway", "blocks without a second copy cannot be queried", true],
    ["compactor", "compactor", 2, "compactor", "blocks pile up until queries time out"],
    ["ruler", "ruler", 2, "ruler", "rules are not evaluated and alerts stay silent"],
    ["nginx", "gateway", 2, "gateway", "the one address of pushes and queries is gone"],
];

const AUTOSCALED = new Set(["distributor", "ingester", "querier", "store_gateway", "ruler", "nginx"]);

const cortex = CORTEX.map(([at, key, least, setting, why, quorum = false]): Workload => ({
    key: `cortex.${key}`,
    chart: "cortex",
    least: both(least),
    replicas: `${at}.replicas`,
    needs: [{ path: `${at}.enabled`, is: [true] }],
    scalers: AUTOSCALED.has(at) ? [{ on: `${at}.autoscaling.enabled`, least: `${at}.autoscaling.minReplicas` }] : [],
    quorum,
    affinity: `${at}.affinity`,
    spread: `${at}.topologySpreadConstraints`,
    budget: { at: `${at}.podDisruptionBudget` },
    strategy: `${at}.strategy`,
    resources: `${at}.resources`,
    why,
    setting: `observability:metrics.replicas.${setting}`,
}));

const LOKI: readonly Row[] = [
    ["gateway", "gateway", 2, "gateway", "the one address of pushes and queries is gone"],
    ["distributor", "distributor", 3, "distributor", PUSHES],
    ["ingester", "ingester", 3, "ingester", COPIES, true],
    ["querier", "querier", 3, "querier", QUERIES],
    ["queryFrontend", "query-frontend", 2, "queryFrontend", QUERIES],
    ["queryScheduler", "query-scheduler", 2, "queryScheduler", QUERIES],
    ["indexGateway", "index-gateway", 2, "indexGateway", QUERIES, true],
    ["ruler", "ruler", 2, "ruler", "rules on logs are not evaluated and alerts stay silent", true],
    ["compactor", "compactor", 1, "compactor", "none: nothing is ever deleted; two: they work against each other"],
    ["singleBinary", "single-binary", 3, "", COPIES, true],
];

const lokiScaled = new Set(["gateway", "distributor", "ingester", "querier", "queryFrontend", "singleBinary"]);

const loki = LOKI.map(([at, key, least, setting, why, quorum = false]): Workload => {
    const alone = key === "compactor";
    const mode = key === "single-binary" ? "Monolithic" : "Distributed";
    return {
        key: `loki.${key}`,
        chart: "loki",
        least: both(least),
        ...(alone ? { exactly: true } : {}),
        replicas: `${at}.replicas`,
        needs: [{ path: `${at}.enabled`, is: [true] }],
        // The gateway stands before both modes.
        ...(key === "gateway" ? {} : { onlyIf: { path: "deploymentMode", is: mode } }),
        scalers: lokiScaled.has(at)
            ? ["autoscaling", "kedaAutoscaling"].map((scaler) => ({
                  on: `${at}.${scaler}.enabled`,
                  least: `${at}.${scaler}.minReplicas`,
              }))
            : [],
        quorum,
        affinity: `${at}.affinity`,
        spread: `${at}.topologySpreadConstraints`,
        ...(alone
            ? {}
            : { budget: { at: `${at}.podDisruptionBudget`, switch: "enabled", beside: `${at}.maxUnavailable` } }),
        strategy: key === "gateway" ? `${at}.deploymentStrategy` : `${at}.strategy`,
        resources: `${at}.resources`,
        why,
        setting:
            alone || setting === ""
                ? `observability:logs.values.${at}.replicas`
                : `observability:logs.replicas.${setting}`,
    };
});

const TEMPO: readonly Row[] = [
    ["gateway", "gateway", 2, "gateway", "the one address of queries is gone"],
    ["distributor", "distributor", 3, "distributor", PUSHES],
    ["ingester", "ingester", 3, "ingester", COPIES, true],
    ["querier", "querier", 2, "querier", QUERIES],
    ["queryFrontend", "query-frontend", 2, "queryFrontend", QUERIES],
    ["compactor", "compactor", 2, "compactor", "blocks pile up and nothing is deleted"],
    ["metricsGenerator", "metrics-generator", 2, "metricsGenerator", "metrics made from spans have gaps", true],
];

const tempo = TEMPO.map(([at, key, least, setting, why, quorum = false]): Workload => ({
    key: `tempo.${key}`,
    chart: "tempo-distributed",
    least: both(least),
    replicas: `${at}.replicas`,
    needs: ["gateway", "ingester", "metricsGenerator"].includes(at) ? [{ path: `${at}.enabled`, is: [true] }] : [],
    scalers:
        at === "metricsGenerator"
            ? []
            : ["autoscaling", ...(at === "compactor" ? ["autoscaling.hpa", "autoscaling.keda"] : [])].map((scaler) => ({
                  on: `${at}.${scaler}.enabled`,
                  least: `${at}.autoscaling.minReplicas`,
              })),
    quorum,
    affinity: `${at}.affinity`,
    spread: `${at}.topologySpreadConstraints`,
    budget: { at: `${at}.podDisruptionBudget`, switch: "enabled", beside: `${at}.maxUnavailable` },
    strategy: `${at}.strategy`,
    resources: `${at}.resources`,
    why,
    setting: `observability:traces.replicas.${setting}`,
}));

export const STORES: readonly Workload[] = [...cortex, ...loki, ...tempo];
