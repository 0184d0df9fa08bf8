import assert from "node:assert/strict";
import { strings } from "../../../tools/records";
import { containersOf } from "../../../tools/verify/workloads";
import { given } from "../../fixtures/verify/given";
import { document, workload } from "../../fixtures/verify/manifests";

function made(object: Record<string, unknown>, beside = "") {
    const model = given(document(object) + beside);
    const names = (kind: string) => model.ofKind(kind).map((each) => each.object.metadata.name);
    return { model, names };
}

describe("what operators make: Prometheus and Alertmanager", () => {
    const api = { apiVersion: "monitoring.coreos.com/v1", metadata: { name: "p" } };
    const flags = ["--prometheus-config-reloader=quay.io/r:1", "--config-reloader-cpu-limit=0"];
    const operator = workload({
        name: "operator",
        container: { args: [...flags, "--config-reloader-memory-limit=64Mi"] },
    });

    it("is a StatefulSet whose pods carry the operator's labels, open the named port and stop in its time", () => {
        const spec = { replicas: 2, portName: "http-web", secrets: ["s"], image: "quay.io/p:1" };
        const { model, names } = made({ ...api, kind: "Prometheus", spec }, operator);
        const pods = model.pods.find(({ kind }) => kind === "StatefulSet");
        assert.ok(pods);
        assert.equal(pods.name, "prometheus-p");
        assert.equal(pods.owner.object.kind, "Prometheus");
        assert.equal(pods.labels["app.kubernetes.io/name"], "prometheus");
        assert.equal(pods.labels["operator.prometheus.io/name"], "p");
        assert.equal(pods.spec.terminationGracePeriodSeconds, 600);
        const main = containersOf(pods).find(({ container }) => container.name === "prometheus");
        assert.deepEqual(main?.container.ports, [{ name: "http-web", containerPort: 9090, protocol: "TCP" }]);
        assert.ok(names("Service").includes("prometheus-operated"));
        assert.ok(names("Secret").includes("prometheus-p-web-config"));
        assert.match(JSON.stringify(pods.spec.volumes), /"secretName":"s"/);
    });

    it("has a sidecar with the image and limits of the operator's flags, where zero is none", () => {
        const { model } = made({ ...api, kind: "Alertmanager", spec: {} }, operator);
        const pods = model.pods.find(({ kind }) => kind === "StatefulSet");
        assert.ok(pods);
        const sidecar = containersOf(pods).find(({ container }) => container.name === "config-reloader")?.container;
        assert.equal(sidecar?.image, "quay.io/r:1");
        assert.deepEqual(sidecar.resources, { requests: {}, limits: { memory: "64Mi" } });
    });
});

describe("what operators make: CloudNativePG", () => {
    const cluster = (spec: Record<string, unknown>) =>
        made({ apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", metadata: { name: "db" }, spec });

    it("is a primary and replicas, a Service for each way to them, and the Secrets of its own", () => {
        const { model, names } = cluster({ instances: 3, storage: { size: "1Gi" } });
        const roles = model.pods.map(({ labels, replicas }) => [labels["cnpg.io/instanceRole"], replicas]);
        assert.deepEqual(roles, [
            ["primary", 1],
            ["replica", 2],
        ]);
        assert.deepEqual(names("Service"), ["db-rw", "db-ro", "db-r"]);
        assert.deepEqual(names("PodDisruptionBudget"), ["db-primary", "db"]);
        assert.ok(names("Secret").includes("db-app"));
    });

    it("has no budget where that is off or for replicas of less than three, no Secret where one is given", () => {
        assert.deepEqual(cluster({ instances: 3, enablePDB: false }).names("PodDisruptionBudget"), []);
        assert.deepEqual(cluster({ instances: 2 }).names("PodDisruptionBudget"), ["db-primary"]);
        const given = { instances: 1, bootstrap: { initdb: { secret: { name: "mine" } } } };
        assert.ok(!cluster(given).names("Secret").includes("db-app"));
    });
});

describe("what operators make: the archiving plugin and cert-manager", () => {
    const store = {
        apiVersion: "barmancloud.cnpg.io/v1",
        kind: "ObjectStore",
        metadata: { name: "archive" },
        spec: { instanceSidecarConfiguration: { resources: { limits: { memory: "1Gi" } } } },
    };
    const told = {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "plugin" },
        data: { SIDECAR_IMAGE: "ghcr.io/sidecar:1" },
    };
    const archived = (spec: Record<string, unknown>) =>
        made(
            { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", metadata: { name: "db" }, spec },
            document(store) + document(told),
        );

    it("is a container beside every instance that archives, with the archive's resources and the plugin's image", () => {
        const plugin = { name: "barman-cloud.cloudnative-pg.io", parameters: { barmanObjectName: "archive" } };
        const { model } = archived({ instances: 3, plugins: [plugin] });
        assert.equal(model.pods.length, 2);
        for (const pods of model.pods) {
            const beside = containersOf(pods).find(({ container }) => container.name === "plugin-barman-cloud");
            assert.equal(beside?.container.image, "ghcr.io/sidecar:1");
            assert.deepEqual(beside.container.resources, { limits: { memory: "1Gi" } });
            assert.equal(beside.container.restartPolicy, "Always");
        }
        assert.doesNotMatch(JSON.stringify(archived({ instances: 3 }).model.pods), /sidecar/);
    });

    it("is a Secret for each Certificate", () => {
        const spec = { secretName: "server-tls" };
        const certificate = { apiVersion: "cert-manager.io/v1", kind: "Certificate", metadata: { name: "c" }, spec };
        assert.deepEqual(made(certificate).names("Secret"), ["server-tls"]);
    });
});

describe("what operators make: Alloy", () => {
    const alloy = (spec: Record<string, unknown>) =>
        made({ apiVersion: "collectors.grafana.com/v1alpha1", kind: "Alloy", metadata: { name: "k-alloy-x" }, spec });

    it("is what its controller's type says, a pod on each node where nothing is said", () => {
        const kinds = [undefined, "statefulset", "deployment"].map(
            (type) => alloy({ controller: type === undefined ? {} : { type } }).model.pods[0]?.kind,
        );
        assert.deepEqual(kinds, ["DaemonSet", "StatefulSet", "Deployment"]);
    });

    it("is named and labelled as its chart does, and opens its extra ports", () => {
        const extraPorts = [{ name: "otlp", port: 4317, targetPort: 4318 }];
        const { model, names } = alloy({
            nameOverride: "alloy-x",
            alloy: { extraPorts, clustering: { enabled: true } },
        });
        assert.deepEqual(model.pods[0]?.labels, {
            "app.kubernetes.io/name": "alloy-x",
            "app.kubernetes.io/instance": "k-alloy-x",
        });
        assert.deepEqual(names("Service"), ["k-alloy-x", "k-alloy-x-cluster"]);
        const { ports } = model.find("Service", "ns", "k-alloy-x")?.spec as { ports: { port: number }[] };
        assert.deepEqual(
            ports.map(({ port }) => port),
            [12345, 4317],
        );
        assert.match(JSON.stringify(model.pods[0].spec), /"containerPort":4318/);
    });

    it("has a ConfigMap where the resource holds the configuration itself", () => {
        const content = 'logging { level = "info" }';
        assert.deepEqual(alloy({ alloy: { configMap: { create: false, name: "c" } } }).names("ConfigMap"), []);
        const { model } = alloy({ alloy: { configMap: { create: true, content } } });
        assert.deepEqual(model.find("ConfigMap", "ns", "k-alloy-x")?.data, { "config.alloy": content });
    });

    it("has a budget only where one is asked for, and the roles that it is given", () => {
        assert.deepEqual(alloy({}).names("PodDisruptionBudget"), []);
        const podDisruptionBudget = { enabled: true, maxUnavailable: 1 };
        const { names } = alloy({ controller: { type: "deployment", podDisruptionBudget } });
        assert.deepEqual(names("PodDisruptionBudget"), ["k-alloy-x"]);
        assert.deepEqual(names("ClusterRoleBinding"), ["k-alloy-x"]);
    });
});

describe("what operators make: VictoriaMetrics", () => {
    const image = { repository: "quay.io/vm", tag: "1" };
    const spec = {
        ...{ image, configReloaderImage: "quay.io/reloader:1", replicaCount: 2, useStrictSecurity: true, port: "8429" },
        ...{
            podDisruptionBudget: { maxUnavailable: 1 },
            extraArgs: { evaluationInterval: "7s", loggerFormat: "json" },
        },
    };
    const of = (kind: string, more: Record<string, unknown> = {}) =>
        made({
            apiVersion: "operator.victoriametrics.com/v1beta1",
            kind,
            metadata: { name: "m" },
            spec: { ...spec, ...more },
        });

    it("is a StatefulSet of vmagent with its queue's volume, who may discover targets and read its own Secret", () => {
        const claim = { spec: { resources: { requests: { storage: "1Gi" } } } };
        const { model, names } = of("VMAgent", {
            ...{ statefulMode: true, statefulStorage: { volumeClaimTemplate: claim } },
            ...{ remoteWrite: [{ url: "http://gateway", headers: ["X: a"] }] },
        });
        const [pods] = model.pods;
        assert.ok(pods);
        assert.deepEqual([pods.kind, pods.name, pods.replicas, pods.claims.length], ["StatefulSet", "vmagent-m", 2, 1]);
        const main = containersOf(pods).find(({ container }) => container.name === "vmagent")?.container;
        assert.ok(strings(main?.args).includes("--remoteWrite.headers=X: a"));
        assert.match(names("ClusterRole").join(), /^monitoring:[\w-]+:vmagent-m$/);
        assert.deepEqual(names("Secret"), ["vmagent-m", "tls-assets-vmagent-m"]);
        assert.deepEqual(names("PodDisruptionBudget"), ["vmagent-m"]);
    });

    it("is a Deployment of vmalert, whose given arguments take the place of what follows from the object", () => {
        const { model, names } = of("VMAlert", {
            ...{ evaluationInterval: "30s", notifierConfigRef: { name: "s", key: "k" }, useLegacyNaming: true },
            ...{ datasource: { url: "http://q", headers: [] }, disableAutomountServiceAccountToken: true },
        });
        const [pods] = model.pods;
        assert.ok(pods);
        assert.deepEqual([pods.kind, pods.name], ["Deployment", "m"]);
        assert.equal(pods.spec.automountServiceAccountToken, false);
        const main = containersOf(pods).find(({ container }) => container.name === "vmalert")?.container;
        const args = strings(main?.args);
        assert.deepEqual(
            args.filter((arg) => arg.includes("evaluationInterval")),
            ["--evaluationInterval=7s"],
        );
        assert.ok(args.includes("--notifier.config=/etc/vm/notifier_config/k"));
        assert.match(JSON.stringify(pods.spec.volumes), /"secretName":"s"/);
        assert.deepEqual(names("Service"), ["m"]);
    });
});
