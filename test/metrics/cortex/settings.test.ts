import assert from "node:assert/strict";
import { cortexRules } from "../../../components/metrics/cortex/rules";
import { cortexDefaults, cortexSettings, type CortexSettings } from "../../../components/metrics/cortex/settings";
import { cortexKind } from "../../../components/metrics/cortex/kind";
import type { Survives } from "../../../components/kubernetes/placement";

function paths(settings: CortexSettings, survives: Survives): string[] {
    return cortexRules(settings, { survives, ipFamilies: "ipv4", kubernetes: "1.35" }).map((problem) => problem.path);
}

describe("cortex settings", () => {
    it("have defaults that parse and break no rule", () => {
        for (const survives of ["nothing", "node", "zone"] as const) {
            const settings = cortexSettings.parse(cortexDefaults(survives));
            assert.deepEqual(cortexRules(settings, { survives, ipFamilies: "ipv4", kubernetes: "1.35" }), []);
        }
    });

    it("ask for both buckets", () => {
        const buckets = { blocks: "a-blocks", ruler: "a-ruler" };
        assert.deepEqual(cortexKind.buckets({ ...cortexDefaults("node"), buckets }), {
            "buckets.blocks": "a-blocks",
            "buckets.ruler": "a-ruler",
        });
    });

    it("refuse too few replicas, all at once", () => {
        const laptop = cortexDefaults("nothing");
        assert.deepEqual(paths({ ...laptop, caches: cortexDefaults("zone").caches }, "zone"), [
            "metrics.replicationFactor",
            ...Object.keys(laptop.replicas).map((name) => `metrics.replicas.${name}`),
        ]);
        assert.deepEqual(paths({ ...laptop, replicationFactor: 3 }, "nothing"), [
            "metrics.replicas.ingester",
            "metrics.replicas.storeGateway",
        ]);
    });

    it("refuse windows with a gap between ingesters and blocks", () => {
        const of = (windows: Partial<CortexSettings["windows"]>, retention = "30d") => {
            const settings = cortexDefaults("node");
            return paths({ ...settings, retention, windows: { ...settings.windows, ...windows } }, "node");
        };
        assert.deepEqual(of({ queryStoreAfter: "2h" }), ["metrics.windows.queryStoreAfter"]);
        assert.deepEqual(of({ queryIngestersWithin: "12h" }), ["metrics.windows.queryIngestersWithin"]);
        assert.deepEqual(of({ ingesterRetention: "6h" }), ["metrics.windows.ingesterRetention"]);
        assert.deepEqual(of({ ingesterRetention: "3d" }, "2d"), ["metrics.retention"]);
        assert.deepEqual(of({}, "12h"), ["metrics.retention"]);
    });

    it("refuse a burst below the rate", () => {
        const settings = cortexDefaults("node");
        const limits = { ...settings.limits, ingestionBurst: 10 };
        assert.deepEqual(paths({ ...settings, limits }, "node"), ["metrics.limits.ingestionBurst"]);
    });
});
