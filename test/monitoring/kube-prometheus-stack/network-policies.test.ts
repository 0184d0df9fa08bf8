import assert from "node:assert/strict";
import { grafanaEgressFlows, grafanaIngressFlows } from "../../../components/grafana/network-policies";
import { PODS, RELEASE } from "../../../components/monitoring/kube-prometheus-stack/names";
import { alertingDefaults } from "../../../components/monitoring/kube-prometheus-stack/alerting-settings";
import { monitoringNetwork } from "../../../components/monitoring/kube-prometheus-stack/network-policies";
import { networkPolicySpecs } from "../../../components/kubernetes/network-policies";
import { platformOf } from "../../fixtures/platform";
import { database, logStore, metricsStore, traceStore } from "../../fixtures/stores";

describe("kube-prometheus-stack: network", () => {
    const access = { kind: "ingress", className: "nginx", namespace: "edge", tls: { from: "none" } } as const;
    const grafanaNetwork = { release: RELEASE, ...{ metricsStore, logStore, traceStore, database }, settings: {} };
    const specs = networkPolicySpecs(
        monitoringNetwork({
            platform: platformOf("node", { access }),
            alerting: {
                ...alertingDefaults(),
                receivers: { shop: { webhook: { url: "https://shop.example.com:9443/alerts" } } },
                webhook: { url: "http://bot.chat.svc:8000/alerts" },
                email: { to: "a@b.de", from: "c@b.de", smarthost: "mail.b.de:587" },
            },
            settings: { prometheus: { federateTo: ["team-metrics"] } },
            alertsFrom: ["cortex", "loki"],
            metricsStore,
            grafana: {
                ingress: grafanaIngressFlows(access, RELEASE),
                egress: grafanaEgressFlows(grafanaNetwork),
            },
        }),
    );

    it("lets in only the Prometheus of a namespace that is named, and only to Prometheus", () => {
        assert.deepEqual(specs["federate-to-team-metrics"], {
            podSelector: { matchLabels: PODS.prometheus },
            policyTypes: ["Ingress"],
            ingress: [
                {
                    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-metrics" } } }],
                    ports: [{ port: 9090, protocol: "TCP" }],
                },
            ],
        });
    });

    it("lets Prometheus scrape any port of any pod or node, and no one else", () => {
        for (const name of ["scrape-pods", "scrape-nodes"]) {
            const spec = specs[name] as {
                egress: { ports: unknown[] }[];
                podSelector: { matchLabels: Record<string, string> };
            };
            assert.deepEqual(spec.egress[0]?.ports, [], "an empty list is every port");
            assert.equal(spec.podSelector.matchLabels["app.kubernetes.io/name"], "prometheus");
        }
    });

    it("lets Alertmanager reach what it notifies, and rulers reach Alertmanager", () => {
        const spec = specs["notify-outside"] as { egress: { ports: { port: number }[] }[] };
        assert.deepEqual(
            spec.egress[0]?.ports.map(({ port }) => port),
            [443, 587, 8000, 9443],
        );
        assert.ok(specs["notify-inside"], "a pod's port is not its Service's");
        assert.ok(specs["alerts-from-cortex"] && specs["alerts-from-loki"]);
    });

    it("lets the metrics store's ruler ask the store and write to it, and nobody else", () => {
        for (const name of ["ruler-queries", "ruler-results"]) {
            const spec = specs[name] as { egress: { ports: unknown }[]; podSelector: unknown };
            assert.deepEqual(spec.podSelector, { matchLabels: PODS.ruler });
            assert.deepEqual(spec.egress[0]?.ports, [{ port: 8080, protocol: "TCP" }]);
        }
    });

    it("lets Grafana reach stores and database by their pods' ports, and the ingress reach Grafana", () => {
        const way = specs["grafana-to-database"] as { egress: { to: unknown; ports: unknown }[] };
        assert.deepEqual(way.egress[0]?.ports, [{ port: 5432, protocol: "TCP" }]);
        for (const [store, port] of [
            ["metrics", 8080],
            ["log", 8080],
            ["trace", 3200],
        ] as const) {
            const toStore = specs[`grafana-to-${store}-store`] as { egress: { ports: unknown }[] } | undefined;
            assert.deepEqual(toStore?.egress[0]?.ports, [{ port, protocol: "TCP" }], store);
        }
        const door = specs["to-grafana"] as { ingress: { from: unknown; ports: unknown }[] };
        assert.match(JSON.stringify(door.ingress[0]?.from), /"edge"/);
    });
});
