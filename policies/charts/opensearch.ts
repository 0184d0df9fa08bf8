import type { ChartRules } from "./chart-rules";
import { is, LOST, on } from "./checks";

const VALUES = "observability:logs.values";

/** Copies and retention stand in what its setup puts into it, which is no part of the release. */
export const opensearch: ChartRules = {
    reads: ["persistence.enabled", "singleNode", "maxUnavailable"],
    durability: [on("persistence.enabled", VALUES)],
    replication: () => [
        is("singleNode", false, "it looks for no other nodes, and has no copy of anything", VALUES),
        is("maxUnavailable", 1, "a drain may take both nodes that have a line", VALUES),
    ],
};

/** What takes OTLP before it: a volume would only hold what OpenSearch has acknowledged, or what nobody has. */
export const vector: ChartRules = {
    reads: ["role", "customConfig.acknowledgements.enabled"],
    durability: [
        is("role", "Stateless-Aggregator", LOST, "observability:logs.vectorValues"),
        on(
            "customConfig.acknowledgements.enabled",
            "observability:logs.vectorValues",
            undefined,
            "lines are acknowledged that are in the memory of one pod",
        ),
    ],
};
