import { deepEqual, equal, match, ok } from "node:assert/strict";
import { blockLabels, sidecarFlows } from "../../../components/monitoring/kube-prometheus-stack/sidecar";
import { kubePrometheusStackDefaults } from "../../../components/monitoring/kube-prometheus-stack/settings";
import { buildKubePrometheusStackValues } from "../../../components/monitoring/kube-prometheus-stack/values";
import { parseSettings } from "../../../components/platform/settings";
import { at, record, records } from "../../../tools/records";
import { flowsOf } from "../../fixtures/flows";
import { grafanaArgs, grafanaValuesOf } from "../../fixtures/grafana";
import { planned, releasesOf } from "../../fixtures/planned";
import { metricsStore, objectStore } from "../../fixtures/stores";

const grant = objectStore.grants.metrics;
ok(grant);
const uploading = {
    ...metricsStore,
    uploads: { bucketConfig: "type: S3\n", grant, labels: { store_tenant: "team" }, readFrom: "metrics-store" },
};

function prometheus(store: typeof metricsStore, second?: typeof metricsStore) {
    const { platform } = grafanaArgs("zone", {});
    const settings = kubePrometheusStackDefaults("zone");
    const further = { name: "far", url: "https://far.example.com", auth: { kind: "none" as const } };
    const { prometheus: values } = buildKubePrometheusStackValues({
        platform,
        settings: { ...settings, prometheus: { ...settings.prometheus, remoteWrite: [further] } },
        metricsStore: store,
        secondMetricsStore: second,
        grafana: { values: grafanaValuesOf("zone", {}) },
    });
    return record(values);
}

describe("Prometheus with a sidecar", () => {
    it("is what a store has that wants blocks, and no other", () => {
        equal(at(prometheus(metricsStore), "prometheusSpec.thanos"), undefined);
        const values = prometheus(uploading);
        ok(at(values, "prometheusSpec.thanos.objectStorageConfig.existingSecret.name"));
        deepEqual([at(values, "thanosService.enabled"), at(values, "thanosServiceMonitor.enabled")], [true, true]);
    });

    it("writes to no store that gets its blocks, and to all others", () => {
        const names = (values: object) => records(at(values, "prometheusSpec.remoteWrite")).map(({ name }) => name);
        deepEqual(names(prometheus(uploading)), ["far"]);
        deepEqual(names(prometheus(metricsStore, uploading)), ["metrics-store", "far"]);
        deepEqual(names(prometheus(uploading, metricsStore)), ["second-metrics-store", "far"]);
    });

    it("says whose its blocks are, to the store alone", () => {
        const values = prometheus(metricsStore, uploading);
        equal(at(values, "prometheusSpec.externalLabels.store_tenant"), "team");
        for (const write of records(at(values, "prometheusSpec.remoteWrite"))) {
            deepEqual(records(write.writeRelabelConfigs)[0], { regex: "store_tenant", action: "labeldrop" });
        }
        const alerts = records(at(values, "prometheusSpec.additionalAlertRelabelConfigs"));
        deepEqual(alerts, [{ regex: "store_tenant", action: "labeldrop" }]);
        deepEqual(blockLabels({ metricsStore }), []);
    });

    it("has its key from a Secret, and rolls with a new one", () => {
        const values = prometheus(uploading);
        const [container] = records(at(values, "prometheusSpec.containers"));
        deepEqual(
            records(container?.env).map(({ name }) => name),
            ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
        );
        const annotations = record(at(values, "prometheusSpec.podMetadata.annotations"));
        deepEqual(Object.values(annotations), [String(grant.keys?.rotation)]);
    });

    it("is asked by the store's pods, and by nobody where there is none", () => {
        deepEqual(sidecarFlows({ metricsStore }), []);
        const [flow] = sidecarFlows({ metricsStore: uploading });
        deepEqual([flow?.peer, flow?.ports], [{ namespace: "metrics-store" }, [10901]]);
    });

    it("keeps blocks until they are surely uploaded", () => {
        const result = parseSettings({
            ...{ cluster: "c", domain: "o11y.example.com", survives: "zone" },
            metrics: { kind: "thanos", ingest: "sidecar" },
            kubePrometheusStack: { prometheus: { retention: "4h" } },
        });
        const [found] = "problems" in result ? result.problems : [];
        equal(found?.path, "kubePrometheusStack.prometheus.retention");
        match(found.allowed, /at least 6h/);
    });
});

describe("a plan with sidecars", () => {
    it("lets them open the bucket by the store's own user, queriers ask them, and everybody else push as before", async () => {
        const metrics = JSON.stringify({ kind: "thanos", retention: "365d", ingest: "sidecar" });
        const plan = await planned("prod", { "observability:metrics": metrics });
        const made = plan.resources.map(({ type, name, inputs }) => [type.split(":").at(-1), name, inputs] as const);
        const names = made.map(([type, name]) => `${type ?? ""} ${name}`);
        for (const name of ["Secret thanos-sidecar-bucket", "Secret thanos-sidecar-s3"]) ok(names.includes(name), name);
        ok(flowsOf(plan.resources, "thanos").includes("query-to-sidecars"));
        ok(flowsOf(plan.resources, "monitoring").includes("queries-of-sidecars"));
        ok(flowsOf(plan.resources, "minio").includes("from-monitoring"));
        const values = (release: string) =>
            record(releasesOf(plan).find(({ inputs }) => inputs.name === release)?.inputs.values);
        equal(at(values("kps"), "prometheus.prometheusSpec.externalLabels.receive_tenant"), "prod");
        match(
            JSON.stringify(values("thanos").query),
            /--endpoint=dnssrv\+_grpc\._tcp\.kps-thanos-discovery\.monitoring\./,
        );
        match(JSON.stringify(values("k8s-monitoring").destinations), /thanos-gateway/);
    });
});
