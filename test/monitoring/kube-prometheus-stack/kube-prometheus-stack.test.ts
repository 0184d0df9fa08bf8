import assert from "node:assert/strict";
import { HA_CLUSTER_LABEL, HA_REPLICA_LABEL } from "../../../components/metrics/cortex/names";
import {
    kubePrometheusStackChart,
    prometheusOperatorCrdsChart,
} from "../../../components/monitoring/kube-prometheus-stack/chart";
import { crdsValues } from "../../../components/monitoring/kube-prometheus-stack/crds";
import { datasources } from "../../../components/grafana/datasources";
import {
    kubePrometheusStackDefaults,
    kubePrometheusStackRules,
} from "../../../components/monitoring/kube-prometheus-stack/settings";
import { storesOf, valuesOf } from "../../fixtures/kube-prometheus-stack";
import { platformOf } from "../../fixtures/platform";

const shapes = ["nothing", "node", "zone"] as const;

describe("kube-prometheus-stack: Prometheus and Alertmanager", () => {
    it("names the pair by the labels that the metrics store elects on, and never shards it", () => {
        const spec = valuesOf("node").prometheus?.prometheusSpec;
        assert.equal(spec?.prometheusExternalLabelName, HA_CLUSTER_LABEL);
        assert.equal(spec.replicaExternalLabelName, HA_REPLICA_LABEL);
        assert.equal(spec.shards, 1);
    });

    it("writes everything to the metrics store as its tenant, exemplars and native histograms too", () => {
        const spec = valuesOf("zone").prometheus?.prometheusSpec;
        const [write] = spec?.remoteWrite as Record<string, unknown>[];
        assert.deepEqual(write?.["headers"], { "X-Scope-OrgID": "team" });
        assert.equal(write["url"], storesOf.metricsStore.pushUrl);
        assert.equal(write["sendExemplars"], true);
        assert.equal(write["sendNativeHistograms"], true);
        assert.deepEqual(spec?.enableFeatures, ["exemplar-storage"], "without it there are no exemplars to send");
        assert.equal(spec.scrapeNativeHistograms, true);
        assert.equal(spec.scrapeClassicHistograms, true, "histograms of both forms would lose _bucket and _count");
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

describe("kube-prometheus-stack: Grafana", () => {
    it("keeps its state in PostgreSQL where it has it, and else alone on a volume that one pod holds at a time", () => {
        const shared = valuesOf("node").grafana;
        assert.equal(shared?.replicas, 2);
        assert.equal(shared.persistence?.enabled, false);
        assert.ok(shared.envValueFrom && "GF_DATABASE_PASSWORD" in shared.envValueFrom);
        const alone = valuesOf("nothing").grafana;
        assert.equal(alone?.persistence?.enabled, true);
        assert.equal(alone.deploymentStrategy?.type, "Recreate");
        assert.equal(alone.envValueFrom && "GF_DATABASE_PASSWORD" in alone.envValueFrom, false);
    });

    it("starts new pods when a credential of its environment is rotated", () => {
        const annotation = (rotation: number) =>
            valuesOf("node", { rotation }).grafana?.podAnnotations?.["observability-platform/credentials-rotation"];
        assert.notEqual(annotation(1), annotation(2));
    });

    it("sends its cookie over TLS only, and over plain HTTP where there is no TLS", () => {
        const ini = (tls: { from: "none" } | { from: "secret"; secretName: string }) =>
            valuesOf("node", { access: { kind: "ingress", className: "nginx", namespace: "edge", tls } }).grafana?.[
                "grafana.ini"
            ];
        assert.deepEqual(ini({ from: "none" })?.["security"], { cookie_secure: false });
        assert.deepEqual(ini({ from: "none" })?.["server"], { root_url: "http://grafana.o11y.example.com" });
        assert.deepEqual(ini({ from: "secret", secretName: "wildcard" })?.["security"], { cookie_secure: true });
        assert.deepEqual(valuesOf("nothing").grafana?.["grafana.ini"]?.["security"], { cookie_secure: false });
    });

    it("opens by an Ingress with its certificate, or by a route of the Gateway", () => {
        const tls = { from: "issuer", clusterIssuer: "letsencrypt" } as const;
        const ingress = valuesOf("node", { access: { kind: "ingress", className: "nginx", namespace: "edge", tls } })
            .grafana?.ingress;
        assert.deepEqual(ingress?.tls, [{ secretName: "grafana-tls", hosts: ["grafana.o11y.example.com"] }]);
        assert.equal(ingress.annotations?.["cert-manager.io/cluster-issuer"], "letsencrypt");
        const route = valuesOf("node", { access: { kind: "gateway", name: "public", namespace: "edge" } }).grafana
            ?.route?.main;
        assert.equal(route?.enabled, true);
        assert.deepEqual(route.hostnames, ["grafana.o11y.example.com"]);
        assert.deepEqual(route.parentRefs, [{ name: "public", namespace: "edge" }]);
        const named = { kind: "gateway", name: "public", namespace: "edge", listener: "https" } as const;
        assert.deepEqual(valuesOf("node", { access: named }).grafana?.route?.main?.parentRefs, [
            { name: "public", namespace: "edge", sectionName: "https" },
        ]);
    });

    it("joins data sources by uids that exist, with one default, each store's tenant and literal dollars", () => {
        const sources = datasources({
            platform: platformOf("node"),
            settings: kubePrometheusStackDefaults("node"),
            ...storesOf,
        }).datasources;
        const uids = sources.map(({ uid }) => uid);
        const text = JSON.stringify(sources);
        for (const [, uid] of text.matchAll(/"(?:datasourceUid|alertmanagerUid)":"([^"]+)"/g)) {
            assert.ok(
                uids.some((each) => each === uid),
                `nothing has uid ${uid ?? ""}`,
            );
        }
        assert.equal(sources.filter((each) => "isDefault" in each).length, 1, "Grafana refuses two defaults");
        assert.equal(
            sources.filter((each) => "secureJsonData" in each && each.secureJsonData.httpHeaderValue1 === "team")
                .length,
            3,
        );
        assert.doesNotMatch(text, /(?<!\$)\$(?!\$)/, "a single dollar would be a variable");
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
    const broken = (survives: (typeof shapes)[number], change: object, hasDatabase = survives !== "nothing") =>
        kubePrometheusStackRules(
            { ...kubePrometheusStackDefaults(survives), ...change },
            { survives, access: { kind: "none" } },
            hasDatabase,
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
        assert.deepEqual(broken("node", { grafana: { replicas: 1, volume: "1Gi" } }), ["grafana.replicas"]);
    });

    it("are refused where several Grafanas would share SQLite", () => {
        assert.deepEqual(broken("node", {}, false), ["grafana.replicas"]);
        assert.deepEqual(broken("nothing", { grafana: { replicas: 2, volume: "1Gi" } }), ["grafana.replicas"]);
    });

    it("are refused where samples fill the volume, or a series is stale before its next sample", () => {
        const size = { ...prometheus, retentionSize: "45Gi", volume: "50Gi" };
        assert.deepEqual(broken("node", { prometheus: size }), ["prometheus.retentionSize"]);
        assert.deepEqual(broken("node", { prometheus: { ...size, retentionSize: "44Gi" } }), []);
        assert.deepEqual(broken("node", { prometheus: { ...prometheus, scrapeInterval: "3m" } }), [
            "prometheus.scrapeInterval",
        ]);
    });
});
