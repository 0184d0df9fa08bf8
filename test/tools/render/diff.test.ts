import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { compare, type ObjectChange } from "../../../tools/render/diff";
import { printChanges } from "../../../tools/render/diff-print";
import { effects as allEffects, isRestart } from "../../../tools/render/effects";
import type { KubernetesObject } from "../../../tools/render/manifests";
import { requestsIn, signed } from "../../../tools/render/requests";

function manifest(kind: string, name: string, spec: object = {}): string {
    return JSON.stringify({ apiVersion: "v1", kind, metadata: { name }, spec }, null, 2);
}

function object(kind: string, spec: object, more: object = {}): KubernetesObject {
    return { apiVersion: "v1", kind, metadata: { name: "a" }, spec, ...more };
}

function effects(before: KubernetesObject | undefined, after: KubernetesObject | undefined): string[] {
    return allEffects(before, after).map(({ text }) => text);
}

describe("two rendered folders", () => {
    let folder: string;

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "render-diff-"));
        const write = (path: string, text: string) => {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), text);
        };
        for (const side of ["old", "new"]) write(`${side}/loki/loki/Service-same.yaml`, manifest("Service", "same"));
        write("old/loki/loki/Deployment-querier.yaml", manifest("Deployment", "querier", { replicas: 3 }));
        write("new/loki/loki/Deployment-querier.yaml", manifest("Deployment", "querier", { replicas: 4 }));
        write("old/tempo/_cluster/ClusterRole-t.yaml", manifest("ClusterRole", "t"));
        write("new/minio/hooks/minio/Job-post.yaml", manifest("Job", "post"));
    });

    after(() => {
        rmSync(folder, { recursive: true });
    });

    const changes = () => compare(join(folder, "old"), join(folder, "new"));

    it("differ in objects added, removed and changed, by release", () => {
        assert.deepEqual(
            changes().map(({ kind, release, title }) => [kind, release, title]),
            [
                ["changed", "loki", "Deployment loki/querier"],
                ["added", "minio", "Job minio/post (hook)"],
                ["removed", "tempo", "ClusterRole t"],
            ],
        );
    });

    it("show what changed in an object, and what it does", () => {
        const [changed] = changes();
        assert.deepEqual(changed?.effects, [{ text: "replicas 3 → 4", grave: false }]);
        assert.equal(changed.more.pods, 1);
        assert.match(changed.diff, /^@@ .*\n[^]*\n-.*"replicas": 3\n\+.*"replicas": 4\n/);
    });

    it("are equal to themselves", () => {
        assert.deepEqual(compare(join(folder, "old"), join(folder, "old")), []);
        assert.equal(printChanges([], true), "No object changes.\n");
    });

    it("must be there", () => {
        assert.throws(() => compare(join(folder, "none"), join(folder, "new")), /does not exist/);
    });
});

describe("the text of a diff", () => {
    const change = (name: string, diff: string): ObjectChange => ({
        kind: "changed",
        release: "loki",
        path: `loki/loki/ConfigMap-${name}.yaml`,
        title: `ConfigMap loki/${name}`,
        effects: [],
        restart: false,
        more: requestsIn(undefined),
        diff,
    });

    it("counts by release and folds each object's diff in Markdown", () => {
        const text = printChanges([change("a", "@@ -1 +1 @@\n-a\n+b")], true);
        assert.match(text, /^\*\*0 added, 0 removed, 1 changed\*\*/);
        assert.ok(text.includes("### loki"));
        assert.ok(
            printChanges([change("a", ""), { ...change("b", ""), release: "tempo" }], true).includes(
                "| loki | 0 | 0 | 1 |",
            ),
        );
        assert.ok(text.includes("```diff\n@@ -1 +1 @@\n-a\n+b\n```"));
    });

    it("says first what may cost data", () => {
        const removed = {
            ...change("a", ""),
            kind: "removed" as const,
            effects: [{ text: "its data goes", grave: true }],
        };
        const text = printChanges([change("b", "+b"), removed], true);
        assert.match(text, /Look at these first:\n> - removed `ConfigMap loki\/a`: its data goes/);
        assert.ok(text.indexOf("Look at these first") < text.indexOf("ConfigMap loki/b"));
    });

    it("shows what the program tells Helm, and of restarts the names alone", () => {
        const values = { ...change("values", "-a: 1\n+a: 2"), kind: "values" as const };
        const restart = { ...change("ingester", "-checksum: x\n+checksum: y"), restart: true };
        const text = printChanges([values, restart], true);
        assert.match(text, /What the program tells Helm:\n\n```diff\n-a: 1\n\+a: 2\n```/);
        assert.ok(text.includes("- restarted to read what changed: `ConfigMap loki/ingester`"));
        assert.ok(!text.includes("checksum"));
        assert.match(text, /^\*\*0 added, 0 removed, 1 changed\*\*/);
    });

    it("fences what holds fences itself", () => {
        assert.ok(printChanges([change("a", "+```\n+code\n+```")], true).includes("````diff\n+```"));
    });

    it("is cut by lines of an object and by the length of the whole, and says so", () => {
        const lines = Array.from({ length: 30 }, (_, i) => `+${i}`).join("\n");
        assert.match(
            printChanges([change("a", lines)], false, { lines: 10, characters: 1e4 }),
            /\+9\n… 20 more lines\n/,
        );
        const many = Array.from({ length: 20 }, (_, i) => change(`c${i}`, lines));
        const text = printChanges(many, false, { lines: 80, characters: 1500 });
        assert.ok(text.length < 1600);
        assert.match(text, /\d+ more changed objects are not shown/);
    });

    it("keeps within its limit where even the names are too many", () => {
        const many = Array.from({ length: 500 }, (_, i) => change(`c${i}`, ""));
        const text = printChanges(many, true, { lines: 80, characters: 2000 });
        assert.ok(text.length < 2100);
        assert.match(text, /… \d+ more lines/);
    });
});

describe("what a change does to the cluster", () => {
    const template = (image: string, checksum: string) => ({
        metadata: { annotations: { "checksum/config": checksum } },
        spec: { containers: [{ name: "c", image }] },
    });

    it("pods are replaced, and whether only their configuration changed", () => {
        const spec = (image: string, checksum: string) => object("Deployment", { template: template(image, checksum) });
        assert.deepEqual(effects(spec("a:1", "x"), spec("a:2", "x")), ["its pods are replaced"]);
        assert.equal(isRestart(spec("a:1", "x"), spec("a:2", "x")), false);
        assert.deepEqual(effects(spec("a:1", "x"), spec("a:1", "y")), ["its pods are replaced"]);
        assert.equal(isRestart(spec("a:1", "x"), spec("a:1", "y")), true);
        assert.equal(isRestart(spec("a:1", "x"), spec("a:1", "x")), false);
        const onDelete = { updateStrategy: { type: "OnDelete" } };
        assert.deepEqual(
            effects(
                object("StatefulSet", { ...onDelete, template: template("a:1", "x") }),
                object("StatefulSet", { ...onDelete, template: template("a:2", "x") }),
            ),
            ["its pods change as they are deleted"],
        );
    });

    it("a resource's pods are replaced by its operator", () => {
        const alloy = (memory: string, replicas: number) => ({
            ...object("Alloy", {
                controller: { type: "statefulset", replicas },
                alloy: { resources: { requests: { memory } } },
            }),
            apiVersion: "collectors.grafana.com/v1alpha1",
        });
        assert.deepEqual(effects(alloy("1Gi", 3), alloy("2Gi", 3)), ["its pods are replaced"]);
        assert.deepEqual(effects(alloy("1Gi", 3), alloy("1Gi", 4)), ["replicas 3 → 4"]);
        const { pods, memory } = requestsIn(alloy("1Gi", 4));
        assert.equal(pods, 4);
        assert.ok(memory >= 4 * 2 ** 30);
    });

    it("asks for more or less", () => {
        assert.equal(
            signed({ pods: 1, cpu: 0.5, memory: -(2 ** 30), disk: 0 }),
            "+1 pod, +0.50 CPU, -1.00 GiB of memory",
        );
        assert.equal(signed(requestsIn(undefined)), "");
    });

    it("the API server refuses what cannot change", () => {
        const set = (size: string) => object("StatefulSet", { volumeClaimTemplates: [size] });
        assert.deepEqual(effects(set("1Gi"), set("2Gi")), [
            "the API server will refuse this: spec.volumeClaimTemplates cannot change",
        ]);
        const job = (image: string, annotations = {}) =>
            object("Job", { template: template(image, "") }, { metadata: { name: "a", annotations } });
        assert.equal(effects(job("a:1"), job("a:2")).length, 1);
        const hook = { "helm.sh/hook": "post-install" };
        assert.deepEqual(effects(job("a:1", hook), job("a:2", hook)), []);
    });

    it("the API server refuses what lists of fields cannot say", () => {
        const refused = (kind: string, before: object, after: object) =>
            effects({ ...object(kind, {}), ...before }, { ...object(kind, {}), ...after }).map((text) =>
                text.replace(/.*refuse this: (.*) cannot change/, "$1"),
            );
        const claim = (storage: string, more = {}) => ({ spec: { resources: { requests: { storage } }, ...more } });
        assert.deepEqual(refused("PersistentVolumeClaim", claim("9Gi"), claim("10Gi")), []);
        assert.deepEqual(refused("PersistentVolumeClaim", claim("10Gi"), claim("9Gi", { storageClassName: "x" })), [
            "spec.resources.requests.storage, spec.storageClassName",
        ]);
        const service = (spec: object) => ({ spec });
        assert.deepEqual(refused("Service", service({ clusterIP: "None" }), service({})), ["spec.clusterIP"]);
        assert.deepEqual(refused("Service", service({ type: "ExternalName" }), service({ clusterIP: "None" })), []);
        assert.deepEqual(refused("ConfigMap", { data: { a: "1" } }, { data: { a: "2" } }), []);
        assert.deepEqual(refused("ConfigMap", { immutable: true, data: { a: "1" } }, { data: { a: "2" } }), [
            "data, immutable",
        ]);
        assert.deepEqual(refused("Secret", {}, { type: "Opaque" }), []);
        assert.deepEqual(refused("Secret", {}, { type: "kubernetes.io/tls" }), ["type"]);
        const versions = (...names: string[]) => ({
            spec: { versions: names.map((name) => ({ name, storage: true })) },
        });
        assert.deepEqual(refused("CustomResourceDefinition", versions("v1"), versions("v1", "v2")), []);
        assert.deepEqual(refused("CustomResourceDefinition", versions("v1"), versions("v2")), ["spec.versions v1"]);
    });

    it("what goes takes other things with it", () => {
        assert.match(effects(object("CustomResourceDefinition", {}), undefined)[0] ?? "", /every object of its kind/);
        assert.deepEqual(effects(object("Service", {}), undefined), []);
        assert.deepEqual(effects(undefined, object("Namespace", {})), []);
    });
});
