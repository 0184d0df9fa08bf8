import assert from "node:assert/strict";
import type { MetricsStore } from "../../../components/contracts/metrics-store";
import {
    kubePrometheusStackChart,
    prometheusOperatorCrdsChart,
} from "../../../components/monitoring/kube-prometheus-stack/chart";
import { crdsValues } from "../../../components/monitoring/kube-prometheus-stack/crds";
import {
    kubePrometheusStackDefaults,
    kubePrometheusStackRules,
    kubePrometheusStackSettings,
} from "../../../components/monitoring/kube-prometheus-stack/settings";
import { buildKubePrometheusStackValues } from "../../../components/monitoring/kube-prometheus-stack/values";
import { valuesOf } from "../../fixtures/kube-prometheus-stack";
import { platformOf } from "../../fixtures/platform";
import { metricsStore } from "../../fixtures/stores";

const shapes = ["nothing", "node", "zone"] as const;

/** How Prometheus writes to a metrics store. */
function writeTo(store: MetricsStore): Record<string, unknown> {
    const made = buildKubePrometheusStackValues({
        platform: platformOf("zone"),
        settings: kubePrometheusStackDefaults("zone"),
        grafana: { values: {} },
        metricsStore: store,
    });
    const [write = {}] = made.prometheus?.prometheusSpec?.remoteWrite as Record<string, unknown>[];
    return write;
}

describe("kube-prometheus-stack: Prometheus and Alertmanager", () => {
    it("names the pair by the labels that the metrics store elects on, and never shards it", () => {
        const spec = valuesOf("node").prometheus?.prometheusSpec;
        assert.equal(spec?.prometheusExternalLabelName, metricsStore.highAvailability.cluster);
        assert.equal(spec.replicaExternalLabelName, metricsStore.highAvailability.replica);
        assert.equal(spec.shards, 1);
    });

    it("writes everything to the metrics store as its tenant, exemplars and native histograms too", () => {
        const spec = valuesOf("zone").prometheus?.prometheusSpec;
        const [write] = spec?.remoteWrite as Record<string, unknown>[];
        assert.deepEqual(write?.["headers"], { "X-Scope-OrgID": "team" });
        assert.equal(write["url"], metricsStore.push.url);
        assert.equal(write["sendExemplars"], true);
        assert.equal(write["sendNativeHistograms"], true);
        assert.deepEqual(spec?.enableFeatures, ["exemplar-storage"], "without it there are no exemplars to send");
        assert.equal(spec.scrapeNativeHistograms, true);
        assert.equal(spec.scrapeClassicHistograms, true, "histograms of both forms would lose _bucket and _count");
    });

    it("sends a metrics store nothing that it would not keep, and no header to one that wants none", () => {
        const plain = { tenant: "team", multitenancy: false, headers: () => ({}) };
        const store = { ...metricsStore, tenancy: plain, exemplars: false, nativeHistograms: false };
        const write = writeTo(store);
        assert.equal(write["sendExemplars"], false);
        assert.equal(write["sendNativeHistograms"], false);
        assert.equal("headers" in write, false);
    });

    it("drops the label that tells the pair's replicas apart, unless the store elects on it and drops it itself", () => {
        const relabelled = (dropReplica: "store" | "sender") =>
            writeTo({ ...metricsStore, highAvailability: { ...metricsStore.highAvailability, dropReplica } })[
                "writeRelabelConfigs"
            ];
        assert.equal(relabelled("store"), undefined);
        assert.deepEqual(relabelled("sender"), [{ regex: "member", action: "labeldrop" }]);
    });

    it("takes samples of exporters that do not name their format, as Prometheus 2 did", () => {
        assert.deepEqual(valuesOf("zone").prometheus?.prometheusSpec?.scrapeClasses, [
            { name: "default", default: true, fallbackScrapeProtocol: "PrometheusText0.0.4" },
        ]);
    });

    it("picks up the monitors and rules of every release", () => {
        const spec = Object.entries(valuesOf("nothing").prometheus?.prometheusSpec ?? {});
        const selectors = spec.filter(([key]) => key.endsWith("SelectorNilUsesHelmValues"));
        assert.equal(selectors.length, 5);
        for (const [key, value] of selectors) assert.equal(value, false, key);
    });

    it("keeps replicas on other hosts, in other zones strictly where one may be lost, and lets one go at a time", () => {
        for (const survives of ["node", "zone"] as const) {
            const { prometheus, alertmanager } = valuesOf(survives);
            for (const [spec, replicas] of [
                [prometheus?.prometheusSpec, 2],
                [alertmanager?.alertmanagerSpec, 3],
            ] as const) {
                assert.equal(spec?.replicas, replicas);
                assert.equal(spec.podAntiAffinity, "hard");
                const [spread] = (spec.topologySpreadConstraints ?? []) as Record<string, unknown>[];
                assert.equal(spread?.["whenUnsatisfiable"], survives === "zone" ? "DoNotSchedule" : undefined);
            }
            assert.deepEqual(prometheus?.podDisruptionBudget, { enabled: true, minAvailable: 1 });
            assert.deepEqual(alertmanager?.podDisruptionBudget, { enabled: true, minAvailable: 2 });
        }
    });

    it("is one of everything, without rules or budgets, where nothing need survive", () => {
        const { prometheus, alertmanager, grafana, prometheusOperator } = valuesOf("nothing");
        assert.equal(prometheus?.prometheusSpec?.replicas, 1);
        assert.equal(prometheus.prometheusSpec.podAntiAffinity, "");
        assert.equal(prometheus.podDisruptionBudget?.enabled, false);
        assert.equal(alertmanager?.podDisruptionBudget?.enabled, false);
        assert.equal(grafana?.podDisruptionBudget, undefined);
        assert.equal(prometheusOperator?.admissionWebhooks?.deployment, undefined);
    });

    it("reads receivers from a Secret: values hold none", () => {
        const alertmanager = valuesOf("zone").alertmanager;
        assert.equal(alertmanager?.alertmanagerSpec?.useExistingSecret, true);
        assert.equal(alertmanager.alertmanagerSpec.configSecret, "alertmanager-config");
        assert.equal(alertmanager.config, undefined);
    });
});

describe("kube-prometheus-stack: placement and images", () => {
    it("puts scheduling on every workload, but lets node-exporter run on every node", () => {
        const values = valuesOf("zone");
        for (const [name, at] of Object.entries({
            prometheus: values.prometheus?.prometheusSpec,
            alertmanager: values.alertmanager?.alertmanagerSpec,
            grafana: values.grafana,
            operator: values.prometheusOperator,
            webhook: values.prometheusOperator?.admissionWebhooks?.deployment,
            hooks: values.prometheusOperator?.admissionWebhooks?.patch,
            kubeStateMetrics: values["kube-state-metrics"],
        })) {
            assert.deepEqual(at?.nodeSelector, { pool: "o11y" }, name);
            assert.deepEqual(at.tolerations, [{ key: "o11y", operator: "Exists" }], name);
        }
        const nodeExporter = values["prometheus-node-exporter"];
        assert.equal(nodeExporter?.nodeSelector, undefined);
        assert.deepEqual(nodeExporter?.tolerations, [{ operator: "Exists" }]);
        assert.equal(nodeExporter.namespaceOverride, "collectors", "monitoring does not admit it");
    });

    it("takes images and storage class from the platform", () => {
        const values = valuesOf("node", { imageRegistry: "r.example.com/m", storageClass: "fast" });
        assert.deepEqual(values.global, { imageRegistry: "r.example.com/m" });
        assert.equal(JSON.stringify(values).match(/"storageClassName":"fast"/g)?.length, 2);
        assert.equal(valuesOf("nothing", { storageClass: "fast" }).grafana?.persistence?.storageClassName, "fast");
    });

    it("never makes the definitions twice, and leaves those of a protected stack behind", () => {
        assert.equal(prometheusOperatorCrdsChart.appVersion, kubePrometheusStackChart.appVersion);
        assert.deepEqual(valuesOf("node").crds, { enabled: false });
        assert.deepEqual(crdsValues({ protectData: true }), {
            crds: { annotations: { "helm.sh/resource-policy": "keep" } },
        });
        assert.deepEqual(crdsValues({ protectData: false }), {});
    });
});

describe("kube-prometheus-stack: settings", () => {
    const broken = (survives: (typeof shapes)[number], change: object) =>
        kubePrometheusStackRules(
            { ...kubePrometheusStackDefaults(survives), ...change },
            { survives, networkPolicies: true },
        ).map(({ path }) => path.replace("kubePrometheusStack.", ""));
    const prometheus = kubePrometheusStackDefaults("node").prometheus;

    it("are right by default in each shape", () => {
        for (const survives of shapes) assert.deepEqual(broken(survives, {}), [], survives);
    });

    it("are refused where a loss would be one too many", () => {
        assert.deepEqual(broken("node", { prometheus: { ...prometheus, replicas: 1 } }), ["prometheus.replicas"]);
        assert.deepEqual(broken("node", { prometheus: { ...prometheus, replicas: 3 } }), ["prometheus.replicas"]);
        for (const replicas of [1, 2, 4]) {
            assert.deepEqual(broken("zone", { alertmanager: { replicas, volume: "1Gi" } }), ["alertmanager.replicas"]);
        }
    });

    it("are refused where samples fill the volume, or a series is stale before its next sample", () => {
        const size = { ...prometheus, retentionSize: "45Gi", volume: "50Gi" };
        assert.deepEqual(broken("node", { prometheus: size }), ["prometheus.retentionSize"]);
        assert.deepEqual(broken("node", { prometheus: { ...size, retentionSize: "44Gi" } }), []);
        const late = kubePrometheusStackSettings.shape.prometheus.safeParse({ ...prometheus, scrapeInterval: "3m" });
        assert.deepEqual(
            late.error?.issues.map(({ path }) => path),
            [["scrapeInterval"]],
        );
    });
});
