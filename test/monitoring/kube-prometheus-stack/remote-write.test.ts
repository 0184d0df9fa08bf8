import assert from "node:assert/strict";
import { kubePrometheusStackDefaults } from "../../../components/monitoring/kube-prometheus-stack/settings";
import { buildKubePrometheusStackValues } from "../../../components/monitoring/kube-prometheus-stack/values";
import { parseSettings } from "../../../components/platform/settings";
import { platformOf } from "../../fixtures/platform";
import { metricsStore } from "../../fixtures/stores";

const URL = "https://metrics.example.com/api/v1/write";

function problems(...remoteWrite: object[]): string[] {
    const kubePrometheusStack = { prometheus: { remoteWrite } };
    const result = parseSettings({ cluster: "c", domain: "a.example.com", survives: "zone", kubePrometheusStack });
    const at = "kubePrometheusStack.prometheus.remoteWrite";
    return "problems" in result ? result.problems.map(({ path }) => path.replace(at, "")) : [];
}

describe("remote write to a third system", () => {
    it("stands beside the metrics store's, with credentials by reference only", () => {
        const settings = kubePrometheusStackDefaults("zone");
        const made = buildKubePrometheusStackValues({
            metricsStore,
            grafana: { values: {} },
            platform: platformOf("zone"),
            settings: {
                ...settings,
                prometheus: {
                    ...settings.prometheus,
                    remoteWrite: [
                        {
                            name: "a",
                            url: URL,
                            auth: { kind: "basic", secret: "a" },
                            headers: { "X-Scope-OrgID": "t" },
                        },
                        { name: "b", url: URL, auth: { kind: "bearer", secret: "b" }, keep: "up|shop_.*" },
                    ],
                },
            },
        });
        const [store, a, b] = made.prometheus?.prometheusSpec?.remoteWrite as Record<string, unknown>[];
        assert.equal(store?.name, "metrics-store");
        assert.deepEqual(a?.basicAuth, {
            username: { name: "a", key: "username" },
            password: { name: "a", key: "password" },
        });
        assert.deepEqual(a.headers, { "X-Scope-OrgID": "t" });
        assert.deepEqual(b?.authorization, { type: "Bearer", credentials: { name: "b", key: "token" } });
        assert.deepEqual(b.writeRelabelConfigs, [{ sourceLabels: ["__name__"], regex: "up|shop_.*", action: "keep" }]);
    });

    it("refuses credentials in headers or without TLS, and two queues of one name", () => {
        const to = { name: "a", url: URL, auth: { kind: "basic", secret: "a" } };
        assert.deepEqual(problems(to), []);
        assert.deepEqual(problems({ ...to, url: "http://metrics.example.com" }), ["[0].url"]);
        assert.deepEqual(problems({ ...to, headers: { authorization: "Bearer x" } }), ["[0].headers"]);
        assert.deepEqual(problems(to, to), ["[1].name"]);
        assert.deepEqual(problems({ ...to, name: "metrics-store" }), ["[0].name"]);
        assert.deepEqual(problems({ ...to, auth: { kind: "basic" } }), ["[0].auth.secret"]);
    });
});
