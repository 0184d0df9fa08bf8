import { deepEqual, match, throws } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { KubernetesObject } from "../../../tools/render/manifests";
import { Cluster } from "../../../tools/drift/cluster";
import { driftOf } from "../../../tools/drift/fields";
import { writtenByOthers } from "../../../tools/drift/managers";
import { printed } from "../../../tools/drift/print";
import { UNKNOWN_TEXT } from "../../../tools/plan/engine";

const metadata = { name: "a", namespace: "ns" };
const deployment = (spec: Record<string, unknown>): KubernetesObject => ({
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata },
    spec,
});
const container = (more: Record<string, unknown> = {}) => ({
    template: { spec: { containers: [{ name: "a", image: "x:1", ...more }] } },
});
const paths = (wanted: KubernetesObject, live: KubernetesObject) =>
    driftOf(wanted, live).map(({ path, wanted: asked, found }) => `${path}: ${asked ?? "-"} -> ${found ?? "-"}`);

describe("drift: a cluster", () => {
    const folder = mkdtempSync(join(tmpdir(), "drift-"));
    const { PATH } = process.env;

    after(() => {
        process.env.PATH = PATH;
        rmSync(folder, { recursive: true });
    });

    function asked(says: string): () => unknown {
        const script = `#!/bin/sh\ncat > /dev/null\nprintf '%s\\n' '${says.replaceAll("\n", "' '")}' >&2\nexit 1\n`;
        writeFileSync(join(folder, "kubectl"), script, { mode: 0o755 });
        process.env.PATH = `${folder}${delimiter}${PATH}`;
        return () => new Cluster(undefined).list(["Deployment"], "ns");
    }

    it("that does not answer is told in one line", () => {
        const refused =
            "The connection to the server localhost:8080 was refused - did you specify the right host or port?";
        const tries = 'E1129 07:23:30 6816 memcache.go:265] "Unhandled Error" err="dial tcp"';
        throws(asked(`${tries}\n${tries}\n${refused}`), {
            message: `no cluster answers by the kubeconfig\u0027s current context: ${refused}`,
        });
    });

    it("that refuses is told in its own words", () => {
        throws(
            asked("Error from server (Forbidden): deployments.apps is forbidden"),
            /^Error: Error from server \(Forb/,
        );
    });

    it("is not asked without kubectl, which is said", () => {
        process.env.PATH = "";
        throws(() => new Cluster(undefined).list(["Deployment"], "ns"), { message: "kubectl is not on PATH" });
        process.env.PATH = PATH;
    });
});

describe("drift: fields", () => {
    it("differ where the cluster has another value, or none", () => {
        deepEqual(paths(deployment({ replicas: 3 }), deployment({ replicas: 0 })), ["spec.replicas: 3 -> 0"]);
        deepEqual(paths(deployment({ replicas: 3 }), deployment({})), ["spec.replicas: 3 -> -"]);
        deepEqual(paths(deployment(container()), deployment(container({ image: "x:2" }))), [
            "spec.template.spec.containers.a.image: x:1 -> x:2",
        ]);
    });

    it("are the API server's where the stack leaves them open", () => {
        const live = deployment({ ...container({ imagePullPolicy: "Always" }), revisionHistoryLimit: 10 });
        deepEqual(paths(deployment(container()), live), []);
        deepEqual(paths(deployment({ ...container({ args: [], tty: false }), paused: null }), live), []);
    });

    it("are the same in another spelling of a quantity, and to the letter in data", () => {
        const resources = (cpu: unknown, memory: string) => deployment(container({ resources: { cpu, memory } }));
        deepEqual(paths(resources("1000m", "1024Mi"), resources("1", "1Gi")), []);
        deepEqual(paths(resources(0.5, "1Gi"), resources("500m", "1Gi")), []);
        deepEqual(paths(resources("1", "1Gi"), resources("2", "1Gi")).length, 1);
        const data = (value: string): KubernetesObject => ({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata,
            data: { value },
        });
        deepEqual(paths(data("1000m"), data("1")), ["data.value: 1000m -> 1"]);
    });

    it("of several lines are told by the first that differs", () => {
        const text = (value: string): KubernetesObject => ({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata,
            data: { f: value },
        });
        deepEqual(paths(text("a: 1\nb: 2\nc: 3"), text("a: 1\nb: 9\nc: 3")), ["data.f, line 2: b: 2 -> b: 9"]);
        deepEqual(paths(text("a: 1\n"), text("a: 1\nb: 2\n")), ["data.f, line 2:  -> b: 2"]);
        deepEqual(paths(text("a: 1\nb: 2"), text("a: 1")), ["data.f, line 2: b: 2 -> -"]);
    });

    it("include an item of a list that nobody asked for, whatever the order", () => {
        const env = (...names: string[]) => deployment(container({ env: names.map((name) => ({ name, value: "1" })) }));
        deepEqual(paths(env("A", "B"), env("B", "A")), []);
        deepEqual(paths(env("A"), env("A", "DEBUG")), [
            'spec.template.spec.containers.a.env.DEBUG: - -> {"name":"DEBUG","value":"1"}',
        ]);
        deepEqual(paths(deployment(container({ args: ["-a"] })), deployment(container({ args: ["-a", "-b"] }))), [
            'spec.template.spec.containers.a.args: ["-a"] -> ["-a","-b"]',
        ]);
    });

    it("of a Secret are its keys: no value is read, none is told", () => {
        const secret = (data: Record<string, string>): KubernetesObject => ({
            ...{ apiVersion: "v1", kind: "Secret", metadata },
            data,
        });
        deepEqual(paths(secret({ password: "aHVudGVyMg==" }), secret({ password: "b3RoZXI=" })), []);
        deepEqual(paths(secret({ password: "aHVudGVyMg==" }), secret({})), ["data.password: a value -> -"]);
    });

    it("are passed over where only a deployment knows them, checksums too", () => {
        const labelled = (labels: Record<string, string>, annotations: Record<string, string>): KubernetesObject => ({
            ...{ apiVersion: "v1", kind: "Service", metadata: { ...metadata, labels, annotations } },
        });
        const wanted = labelled({ team: "a" }, { "checksum/secret": "1", url: `http://${UNKNOWN_TEXT} x` });
        deepEqual(paths(wanted, labelled({ team: "a" }, { "checksum/secret": "2", url: "http://b" })), []);
        deepEqual(paths(wanted, labelled({ team: "b" }, {})), ["metadata.labels.team: a -> b"]);
    });
});

describe("drift: writers", () => {
    const managed = (manager: string, fieldsV1: object, more = {}): KubernetesObject => ({
        ...deployment({}),
        metadata: { ...metadata, managedFields: [{ manager, time: "2026-01-02T03:04:05Z", fieldsV1, ...more }] },
    });
    const scaled = { "f:spec": { "f:replicas": {} } };

    it("are told with what they wrote, by names as people know them", () => {
        const fields = {
            "f:metadata": { "f:annotations": { ".": {}, "f:note": {} } },
            "f:spec": { "f:env": { 'k:{"name":"DEBUG"}': { ".": {}, "f:value": {} } } },
        };
        deepEqual(writtenByOthers(managed("kubectl-edit", fields)), [
            {
                by: "kubectl-edit",
                at: "2026-01-02T03:04:05Z",
                fields: ["metadata.annotations.note", "spec.env[DEBUG].value"],
            },
        ]);
    });

    it("are none of those who write by right, nor who tells an object's status", () => {
        for (const manager of ["helm", "pulumi-kubernetes-1a2b", "kube-controller-manager", "PrometheusOperator"]) {
            deepEqual(writtenByOthers(managed(manager, scaled)), []);
        }
        deepEqual(writtenByOthers(managed("somebody", { "f:status": {} }, { subresource: "status" })), []);
        deepEqual(writtenByOthers(managed("kubectl", scaled, { subresource: "scale" })).length, 1);
    });
});

describe("drift: the report", () => {
    it("begins with what is gone and ends with the numbers", () => {
        const fields = [{ path: "spec.replicas", wanted: "3", found: "0" }];
        const text = printed({
            compared: 12,
            drift: [
                { object: "ns/Deployment/a", what: { kind: "changed", fields, written: [] } },
                { object: "ns/Service/b", what: { kind: "missing" } },
            ],
        });
        match(
            text,
            /^ns\/Service\/b\n {2}is gone\nns\/Deployment\/a\n {2}spec.replicas\n {4}stack: {3}3\n {4}cluster: 0\n/,
        );
        match(text, /12 objects compared, 2 objects differ$/);
        match(printed({ compared: 12, drift: [] }), /^12 objects compared, no drift$/);
    });
});
