import assert from "node:assert/strict";
import { counted, workload, type Only } from "../../components/kubernetes/workload";
import { fewest, loneRules, replicaRules } from "../../components/settings/replicas";

const odd: Only = {
    in: ["zone"],
    holds: (count) => count % 2 === 1,
    words: "an odd number",
    why: "an even one adds nothing",
};
const system = { name: "store", settings: "store", chart: "store", labels: (component: string) => ({ component }) };
const workloads = counted(system, {
    voter: { least: { node: 2, zone: 3 }, only: odd, why: "votes are lost" },
    pair: { setting: "store.pair.count", least: 2, only: { ...odd, holds: (count) => count <= 2 }, why: "alone" },
    cache: { why: "it fills again" },
});

describe("the rules of replicas", () => {
    it("say where, what is allowed and why, and the nearest number that is right", () => {
        assert.deepEqual(replicaRules(workloads, { voter: 1, pair: 1 }, "zone"), [
            {
                path: "store.replicas.voter",
                given: "1",
                allowed: "at least 3 with survives: zone: votes are lost",
                fix: "store: { replicas: { voter: 3 } }",
            },
            {
                path: "store.pair.count",
                given: "1",
                allowed: "at least 2 with survives: zone: alone",
                fix: "store: { pair: { count: 2 } }",
            },
        ]);
        assert.deepEqual(
            replicaRules(workloads, { voter: 4, pair: 3 }, "zone").map(({ allowed, fix }) => [allowed, fix]),
            [
                ["an odd number with survives: zone: an even one adds nothing", "store: { replicas: { voter: 5 } }"],
                ["an odd number with survives: zone: an even one adds nothing", "store: { pair: { count: 2 } }"],
            ],
        );
    });

    it("ask for a kind of number only where it is asked, and for nothing where there is no minimum", () => {
        assert.deepEqual(replicaRules(workloads, { voter: 4, pair: 3, cache: 1 }, "node"), []);
        assert.deepEqual(replicaRules(workloads, { voter: 1, pair: 1 }, "nothing"), []);
    });

    it("refuse a second one where one is all there is", () => {
        assert.deepEqual(loneRules(workloads, { voter: 1, cache: 3 }, "one does it all"), [
            {
                path: "store.replicas.cache",
                given: "3",
                allowed: "1 with survives: nothing: one does it all",
                fix: "store: { replicas: { cache: 1 } }",
            },
        ]);
    });

    it("begin with the fewest", () => {
        assert.deepEqual(fewest(workloads, "zone"), { voter: 3, pair: 2, cache: 1 });
        assert.deepEqual(fewest(workloads, "nothing"), { voter: 1, pair: 1, cache: 1 });
    });
});

describe("a workload's entry", () => {
    it("has the paths that charts commonly have, but for a lone one", () => {
        const { place } = workload({ ...system, budget: { at: "pdb", beside: "maxUnavailable" } }, "queryFrontend", {
            why: "none",
            needs: ["enabled"],
        });
        assert.deepEqual(place, {
            chart: "store",
            at: "queryFrontend",
            replicas: "queryFrontend.replicas",
            resources: "queryFrontend.resources",
            needs: ["queryFrontend.enabled"],
            scalers: [],
            affinity: "queryFrontend.affinity",
            spread: "queryFrontend.topologySpreadConstraints",
            budget: { at: "queryFrontend.pdb", beside: "queryFrontend.maxUnavailable" },
            strategy: "queryFrontend.strategy",
        });
        const lone = workload(system, "compactor", { least: 1, exactly: true, why: "two delete the same" });
        assert.deepEqual([lone.place?.affinity, lone.place?.strategy], [undefined, undefined]);
    });

    it("is refused without labels where its number is a setting: an empty selector would choose every pod", () => {
        assert.throws(() => counted({ name: "store", settings: "store" }, { voter: { why: "x" } }), /store\.voter/);
    });
});
