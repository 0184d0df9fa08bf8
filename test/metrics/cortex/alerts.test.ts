import { deepEqual, ok } from "node:assert/strict";
import { cortexSystem } from "../../../components/metrics/cortex/system";

const rulesOf = (facts: Parameters<typeof cortexSystem>[0]) => Object.values(cortexSystem(facts).alerts).flat();
const pair = rulesOf({ replicationFactor: 3, deduplicates: true });
const names = (rules: typeof pair) => rules.map(({ alert }) => alert);

describe("cortex: alerts", () => {
    it("look for as many ingesters as keep each sample", () => {
        const below = rulesOf({ replicationFactor: 2, deduplicates: true }).find(
            ({ alert }) => alert === "ReplicationBelowFactor",
        );
        ok(below?.expr.endsWith("< 2"), below?.expr);
    });

    it("watch the election only where there is a pair of Prometheus to elect from", () => {
        const alone = rulesOf({ replicationFactor: 3, deduplicates: false });
        deepEqual(
            names(pair).filter((name) => !names(alone).includes(name)),
            ["HaTrackerFlapping"],
        );
    });

    it("compare no label cluster of a metric whose own says which pair of Prometheus it is", () => {
        const flapping = pair.find(({ alert }) => alert === "HaTrackerFlapping");
        ok(flapping && !flapping.expr.includes("cluster"), "the cluster's name would not match");
    });
});
