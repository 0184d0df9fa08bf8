import assert from "node:assert/strict";
import { platformOf } from "../../fixtures/platform";
import type { Endpoint } from "../../../components/contracts/ready";
import { QUERY_LABEL } from "../../../components/kubernetes/access-labels";
import { tempoNetwork } from "../../../components/traces/tempo/network-policies";

describe("tempo network", () => {
    const store: Endpoint = { namespace: undefined, podPort: 443 };
    const metrics: Endpoint = { namespace: "cortex", podPort: 8080 };
    const network = (single: boolean) =>
        tempoNetwork({
            cluster: platformOf("zone"),
            single,
            pushFrom: ["collectors"],
            queryFrom: ["monitoring"],
            readers: { namespaceLabels: QUERY_LABEL },
            objectStore: { peer: store, identityAgents: [] },
            metricsStore: metrics,
        });

    it("opens receivers to those who push and the query port to those who ask, where each listens", () => {
        const flows = (network(false).ingress ?? []).map(({ name, ports, pods }) => [
            name,
            ports,
            pods?.["app.kubernetes.io/component"],
        ]);
        assert.deepEqual(flows, [
            ["from-prometheus", [3200, 9150], undefined],
            ["canary-from-prometheus", [8081], undefined],
            ["push-from-collectors", [4317, 4318, 14250, 14268, 9411], "distributor"],
            ["query-from-others", [3200], "query-frontend"],
            ["query-from-monitoring", [3200], "query-frontend"],
            ["gateway-push-from-collectors", [8080, 4317], "gateway"],
            ["gateway-query-from-others", [8081], "gateway"],
            ["gateway-query-from-monitoring", [8081], "gateway"],
        ]);
    });

    it("selects the single process by labels that it has", () => {
        for (const { pods } of network(true).ingress ?? []) {
            assert.equal(pods?.["app.kubernetes.io/component"], undefined);
        }
    });

    it("reaches an object store outside the cluster, and the metrics store", () => {
        assert.deepEqual(network(true).egress, [
            { name: "to-object-store", peer: "anywhere", ports: [443] },
            { name: "to-metrics-store", peer: { namespace: "cortex" }, ports: [8080] },
        ]);
    });
});
