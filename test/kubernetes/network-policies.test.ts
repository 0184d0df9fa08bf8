import assert from "node:assert/strict";
import { networkPolicySpecs } from "../../components/kubernetes/network-policies";

describe("network policies of a namespace", () => {
    const specs = networkPolicySpecs({
        namespace: "loki",
        enabled: true,
        ingress: [{ name: "from-grafana", peer: { namespace: "monitoring" }, ports: [3100] }],
        egress: [{ name: "to-object-store", peer: { namespace: "minio" }, ports: [9000] }],
        apiServer: true,
    });

    it("deny everything in both directions first", () => {
        assert.deepEqual(specs["default-deny"], { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    });

    it("let every pod resolve names, over UDP and TCP", () => {
        const rule = JSON.stringify(specs.dns?.egress);
        assert.match(rule, /"port":53,"protocol":"UDP"/);
        assert.match(rule, /"port":53,"protocol":"TCP"/);
    });

    it("open an ingress flow to the peer's namespace alone, on its ports alone", () => {
        assert.deepEqual(specs["from-grafana"], {
            podSelector: { matchLabels: {} },
            policyTypes: ["Ingress"],
            ingress: [
                {
                    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
                    ports: [{ port: 3100, protocol: "TCP" }],
                },
            ],
        });
    });

    it("open the API server only where it is asked for", () => {
        assert.ok(specs["to-api-server"]);
        assert.equal(networkPolicySpecs({ namespace: "minio", enabled: true })["to-api-server"], undefined);
    });
});
