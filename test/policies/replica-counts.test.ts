import assert from "node:assert/strict";
import { WORKLOADS } from "../../policies/catalogue.gen";
import { has, isPerNode } from "../../policies/catalogue/catalogue";
import type { Shown } from "../../policies/release";
import { leastOf, replicaCounts } from "../../policies/rules/replica-counts";
import { changed, everyRelease, releases } from "../fixtures/policies-prod";

describe("the policy replica-counts", () => {
    let prod: Shown[] = [];
    before(async () => {
        prod = await everyRelease();
    });

    const others = WORKLOADS.filter(({ key }) => key !== "loki.single-binary");

    for (const workload of others) {
        it(`refuses ${workload.key} below its minimum`, () => {
            const real = releases(prod).find(({ chart }) => chart === workload.chart);
            assert.ok(real && has(real, workload) && !isPerNode(real, workload), "prod runs no such workload");
            const lower = changed(prod, workload.chart, workload.replicas, leastOf(workload, {}) - 1);
            const [finding, ...more] = replicaCounts(lower, {});
            assert.equal(finding?.path, workload.replicas);
            assert.equal(finding.setting, workload.setting);
            assert.deepEqual(more, []);
        });
    }

    it("gives each workload a message of its own", () => {
        const said = others.map((workload) => {
            const [finding] = replicaCounts(changed(prod, workload.chart, workload.replicas, 0), {});
            return `${finding?.release ?? ""} ${finding?.path ?? ""} ${finding?.why ?? ""}`;
        });
        assert.equal(new Set(said).size, others.length);
    });

    for (const workload of others.filter(({ needs }) => needs.length > 0)) {
        it(`refuses ${workload.key} switched off`, () => {
            for (const path of workload.needs) {
                const findings = replicaCounts(changed(prod, workload.chart, path, false), {});
                assert.ok(
                    findings.some((finding) => finding.path === path && finding.why === workload.why),
                    JSON.stringify(findings),
                );
            }
        });
    }

    const CASES: readonly [what: string, chart: string, path: string, value: unknown, at?: string][] = [
        ["a mode in lower case, which deploys no Loki", "loki", "deploymentMode", "distributed"],
        ["a mode that is going away", "loki", "deploymentMode", "SimpleScalable"],
        ["one process of Loki", "loki", "deploymentMode", "Monolithic", "singleBinary.replicas"],
        ["two compactors, which work against each other", "loki", "compactor.replicas", 2],
        ["one MinIO server", "minio", "mode", "standalone"],
        [
            "a minimum of an autoscaler that is too low",
            "cortex",
            "querier",
            { autoscaling: { enabled: true, minReplicas: 1 } },
            "querier.autoscaling.minReplicas",
        ],
        [
            "a count beside an autoscaler that overrules it",
            "cortex",
            "querier.autoscaling",
            { enabled: true, minReplicas: 9 },
            "querier.replicas",
        ],
        ["a default that is too low", "cortex", "querier.replicas", undefined],
        [
            "log collectors on some nodes only",
            "k8s-monitoring",
            "collectors.alloy-logs.presets",
            ["deployment"],
            "collectors.alloy-logs.controller.type",
        ],
    ];
    for (const [what, chart, path, value, at = path] of CASES) {
        it(`refuses ${what}`, () => {
            const paths = replicaCounts(changed(prod, chart, path, value), {}).map((finding) => finding.path);
            assert.deepEqual(paths, [at]);
        });
    }

    it("takes an autoscaler that has the count for itself", () => {
        const release = changed(prod, "cortex", "querier", { autoscaling: { enabled: true, minReplicas: 3 } });
        // Without a count the chart's default stands in the way of nothing.
        assert.deepEqual(replicaCounts(release, {}), []);
    });

    it("follows tuned minimums, and leaves out what is tuned to 0", () => {
        const real = changed(prod, "cortex", "querier.replicas", 1);
        assert.deepEqual(replicaCounts(real, { minimums: { "cortex.querier": 1 } }), []);
        assert.deepEqual(replicaCounts(real, { minimums: { "cortex.querier": 0 } }), []);
        const [finding] = replicaCounts(real, { minimums: { "cortex.querier": 1, "cortex.ruler": 9 } });
        assert.equal(finding?.path, "ruler.replicas");
        assert.equal(finding.wanted, "at least 9");
    });

    it("asks for fewer MinIO servers where a node may be lost and no zone", () => {
        const four = changed(prod, "minio", "replicas", 4);
        assert.equal(replicaCounts(four, { survives: "zone" }).length, 1);
        assert.deepEqual(replicaCounts(four, { survives: "node" }), []);
    });

    it("says so where a collector is missing, since another may do its work", () => {
        const without = changed(prod, "k8s-monitoring", "collectors.alloy-receiver", undefined);
        const said = replicaCounts(without, {}).map(({ kind, path }) => `${kind} ${path}`);
        assert.deepEqual(said, ["unchecked collectors.alloy-receiver"]);
    });
});
