import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { has, isPerNode, WORKLOADS } from "../../policies/catalogue/catalogue";
import type { Finding } from "../../policies/finding";
import { isMap, keysOf, type Values } from "../../policies/plain";
import { chartName, releaseOf, type Release, type Shown } from "../../policies/release";
import { budgetsBeside, rootCredentials } from "../../policies/rules/beside";
import { deduplication } from "../../policies/rules/deduplication";
import { durability } from "../../policies/rules/durability";
import { leastOf, replicaCounts } from "../../policies/rules/replica-counts";
import { replicationAndQuorum } from "../../policies/rules/replication-and-quorum";
import { safety } from "../../policies/rules/safety";
import { secrets } from "../../policies/rules/secrets";
import { spread } from "../../policies/rules/spread";
import { supply } from "../../policies/rules/supply";
import { preview } from "../../tools/plan/engine";
import { readStackFile } from "../../tools/plan/stack-file";

const root = resolve(__dirname, "../..");

async function shown(stack: string): Promise<Shown[]> {
    const plan = await preview(root, stack, readStackFile(root, stack));
    return plan.resources.map(({ type, name, inputs, protect }) => ({ type, name, props: inputs, protect }));
}

function releases(resources: readonly Shown[]): Release[] {
    return resources.map(releaseOf).filter((release) => release !== undefined);
}

const RULES: Record<string, (release: Release, config: never) => Finding[]> = {
    ...{ "replica-counts": replicaCounts, "replication-and-quorum": replicationAndQuorum, spread },
    ...{ durability, secrets, supply, safety },
};

function judged(resources: readonly Shown[], file: string): string[] {
    const config = JSON.parse(readFileSync(resolve(root, "policies", file), "utf8")) as Record<string, object | string>;
    const all = releases(resources);
    const skipped = (rule: string) => config[rule] === "disabled";
    return [
        ...Object.entries(RULES).flatMap(([name, rule]) =>
            skipped(name) ? [] : all.flatMap((release) => rule(release, (config[name] ?? {}) as never)),
        ),
        ...(skipped("spread-beside-charts") ? [] : budgetsBeside(all, resources)),
        ...deduplication(all),
        ...rootCredentials(all),
    ].map((finding) => JSON.stringify(finding));
}

/** The real resources with one value of one release changed. */
function changed(resources: readonly Shown[], chart: string, path: string, value: unknown): Release[] {
    const copy = structuredClone(resources);
    const target = copy.find((each) => releaseOf(each)?.chart === chart);
    assert.ok(target);
    let map = (chart.startsWith("postgresql") ? target.props : target.props["values"]) as Values;
    const keys = keysOf(path);
    for (const key of keys.slice(0, -1)) {
        if (!isMap(map[key])) map[key] = {};
        map = map[key] as Values;
    }
    map[keys.at(-1) ?? ""] = value;
    return releases(copy).filter((release) => release.chart === chart);
}

describe("policies", () => {
    let prod: Shown[] = [];
    before(async () => {
        prod = await shown("prod");
    });

    it("accept production as it is", () => {
        assert.deepEqual(judged(prod, "prod.json"), []);
    });

    for (const workload of WORKLOADS.filter(({ key }) => key !== "loki.single-binary")) {
        it(`refuse ${workload.key} below its minimum`, () => {
            const real = releases(prod).find(({ chart }) => chart === workload.chart);
            assert.ok(real && has(real, workload) && !isPerNode(real, workload));
            const [release] = changed(prod, workload.chart, workload.replicas, leastOf(workload, {}) - 1);
            assert.ok(release);
            const findings = replicaCounts(release, {});
            assert.deepEqual(
                findings.map(({ path }) => path),
                [workload.replicas],
            );
            assert.equal(findings[0]?.setting, workload.setting);
        });
    }

    const CASES: readonly [rule: string, chart: string, path: string, value: unknown][] = [
        ["replica-counts", "loki", "deploymentMode", "distributed"],
        ["replica-counts", "cortex", "ruler.enabled", false],
        ["replica-counts", "cortex", "ingester.autoscaling.enabled", true],
        ["replication-and-quorum", "loki", "loki.commonConfig.replication_factor", 1],
        ["replication-and-quorum", "minio", "replicas", 4],
        ["replication-and-quorum", "postgresql.cnpg.io/Cluster", "spec.postgresql", {}],
        ["spread", "tempo-distributed", "ingester.affinity", ""],
        ["spread", "cortex", "ingester.topologySpreadConstraints", []],
        ["spread", "minio", "podDisruptionBudget.maxUnavailable", 0],
        ["spread", "kube-prometheus-stack", "grafana.deploymentStrategy.type", "Recreate"],
        ["durability", "loki", "ingester.persistence.enabled", false],
        ["durability", "cortex", "config.limits.compactor_blocks_retention_period", "0s"],
        ["secrets", "loki", "loki.storage.s3.secretAccessKey", "hunter2"],
        ["secrets", "cortex", "note", "qT7xVb2LmZ9pRk4WsN8dYc3H"],
        ["supply", "minio", "image.tag", "latest"],
        ["supply", "cortex", "querier.resources", {}],
        ["safety", "loki", "loki.storage.bucketNames.chunks", "other"],
    ];
    for (const [rule, chart, path, value] of CASES) {
        it(`${rule} refuses ${chart} ${path}: ${JSON.stringify(value)}`, () => {
            const config = JSON.parse(readFileSync(resolve(root, "policies/prod.json"), "utf8")) as Record<
                string,
                object
            >;
            const [release] = changed(prod, chart, path, value);
            assert.ok(release);
            const findings = RULES[rule]?.(release, (config[rule] ?? {}) as never) ?? [];
            assert.ok(
                findings.some(({ kind }) => kind === "violation"),
                JSON.stringify(findings),
            );
        });
    }

    it("deduplication refuses a pair that the store does not tell apart", () => {
        const others = releases(prod).filter(({ chart }) => chart !== "cortex");
        const one = changed(prod, "cortex", "config.distributor.ha_tracker.enable_ha_tracker", false);
        assert.equal(deduplication([...others, ...one]).length, 1);
        const label = changed(prod, "cortex", "config.limits.ha_replica_label", "__replica__");
        assert.equal(deduplication([...others, ...label]).length, 1);
    });

    it("read a chart's name from wherever it comes", () => {
        assert.equal(chartName("charts/tempo-distributed-2.26.2.tgz", "2.26.2"), "tempo-distributed");
        assert.equal(chartName("oci://registry.example.com/charts/loki", "18.11.0"), "loki");
        assert.equal(chartName("grafana/loki", undefined), "loki");
    });
});
