import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TYPED_CHARTS } from "../../../tools/charts";
import { problemsOf } from "../../fixtures/chart-types-compiler";

const ROOT = join(__dirname, "../../..");

/** Literals for each chart's types: one that is right, one with a misspelt key, one with a value of another type. */
const LITERALS: Record<string, readonly [right: string, misspelt: string, mistyped: string]> = {
    cortex: [
        `{ ingester: { replicas: 3, statefulSet: { enabled: true } }, config: { limits: { any: 1 } } }`,
        `{ ingester: { replica: 3 } }`,
        `{ ingester: { replicas: "3" } }`,
    ],
    "k8s-monitoring": [
        `{ cluster: { name: "a" }, clusterMetrics: { enabled: true }, collectors: { metrics: { presets: [] } } }`,
        `{ clusterMetrics: { enable: true } }`,
        `{ cluster: { name: 1 } }`,
    ],
    "kube-prometheus-stack": [
        `{ prometheus: { prometheusSpec: { replicas: 2 } }, grafana: { "grafana.ini": { server: { root_url: "a" } } } }`,
        `{ prometheus: { prometheusSpec: { replica: 2 } } }`,
        `{ grafana: { replicas: "2" } }`,
    ],
    loki: [
        `{ deploymentMode: "Distributed", ingester: { replicas: 3 }, loki: { limits_config: { any: 1 } } }`,
        `{ ingestor: { replicas: 3 } }`,
        `{ ingester: { replicas: "3" } }`,
    ],
    minio: [
        `{ replicas: 4, mode: "distributed", persistence: { size: "10Gi" } }`,
        `{ persistence: { sise: "10Gi" } }`,
        `{ replicas: "4" }`,
    ],
    "cloudnative-pg": [
        `{ replicaCount: 2, config: { clusterWide: true } }`,
        `{ replicasCount: 2 }`,
        `{ config: { clusterWide: "yes" } }`,
    ],
    "plugin-barman-cloud": [
        `{ replicaCount: 1, sidecarImage: { registry: "a" } }`,
        `{ sidecarImages: { registry: "a" } }`,
        `{ replicaCount: "1" }`,
    ],
    "prometheus-blackbox-exporter": [
        `{ replicas: 2, strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } }`,
        `{ replica: 2 }`,
        `{ replicas: "two" }`,
    ],
    "prometheus-pushgateway": [
        `{ persistentVolume: { enabled: true, size: "2Gi" } }`,
        `{ persistentVolumes: { enabled: true } }`,
        `{ persistentVolume: { enabled: "yes" } }`,
    ],
    "tempo-distributed": [
        `{ ingester: { replicas: 3 }, storage: { trace: { backend: "s3", s3: { bucket: "a" } } } }`,
        `{ storage: { traces: { backend: "s3" } } }`,
        `{ ingester: { replicas: "3" } }`,
    ],
    tempo: [
        `{ replicas: 1, tempo: { storage: { trace: { backend: "s3", s3: { bucket: "a" } } } } }`,
        `{ tempo: { reportEnabled: false } }`,
        `{ tempo: { reportingEnabled: "no" } }`,
    ],
};

describe("types of the pinned charts", () => {
    // One compilation for all, since it takes seconds.
    let problems: string[][] = [];

    before(() => {
        const candidates = TYPED_CHARTS.flatMap(({ pin, output }) =>
            (LITERALS[pin.name] ?? []).map((literal) => ({ from: join(ROOT, output.replace(/\.ts$/, "")), literal })),
        );
        assert.equal(candidates.length, 3 * TYPED_CHARTS.length);
        problems = problemsOf(new Map(), candidates);
    });

    TYPED_CHARTS.forEach(({ pin, output }, index) => {
        it(`${output} is of the pinned version and tells right values from wrong ones`, () => {
            const [firstLine] = readFileSync(join(ROOT, output), "utf8").split("\n");
            assert.ok(firstLine?.includes(` ${pin.name} ${pin.version};`), firstLine);
            const [right, misspelt, mistyped] = problems.slice(3 * index, 3 * index + 3);
            assert.deepEqual(right, []);
            assert.match(misspelt?.join() ?? "", /does not exist in type/);
            assert.match(mistyped?.join() ?? "", /is not assignable to type/);
        });
    });
});
