import assert from "node:assert/strict";
import { platformOf } from "../../fixtures/platform";
import { collectorNetwork } from "../../../components/collectors/k8s-monitoring/network-policies";
import { networkPolicySpecs } from "../../../components/kubernetes/network-policies";
import { logStore, metricsStore, traceStore } from "../../fixtures/stores";

describe("k8s-monitoring: network", () => {
    it("opens the receivers to those who may push and lets only the metrics collector reach any port", () => {
        const specs = networkPolicySpecs(
            collectorNetwork({
                cluster: platformOf("zone"),
                applications: { namespaceLabels: { ingest: "yes" } },
                logStore,
                traceStore: {
                    push: { ...traceStore.push, endpoint: { namespace: undefined, podPort: 4317 } },
                },
                metricsStore,
                destinations: [],
            }),
        );
        const open = JSON.stringify(specs["from-applications"]);
        assert.ok(open.includes('"namespaceSelector":{"matchLabels":{"ingest":"yes"}}'));
        for (const port of [4317, 4318, 14250, 14268, 9411])
            assert.ok(open.includes(`{"port":${port},"protocol":"TCP"}`));
        assert.ok(open.includes('{"port":6831,"protocol":"UDP"}'));
        assert.deepEqual(specs["to-annotated-targets"]?.podSelector, {
            matchLabels: { "app.kubernetes.io/name": "alloy-metrics" },
        });
        assert.ok(JSON.stringify(specs["to-log-store"]).includes('"port":8080'));
        assert.deepEqual(specs["to-log-ruler"]?.podSelector, {
            matchLabels: { "app.kubernetes.io/name": "alloy-events" },
        });
        assert.ok(JSON.stringify(specs["to-log-ruler"]).includes('"port":3100'));
        assert.ok(JSON.stringify(specs["to-trace-store"]).includes("0.0.0.0/0"), "a store outside the cluster");
    });
});
