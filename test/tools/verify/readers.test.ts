import { readers } from "../../../tools/verify/checks/readers";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { document } from "../../fixtures/verify/manifests";
import { configMap, deployment, NAMESPACES, service } from "../../fixtures/verify/wiring";

const GATEWAY =
    deployment(
        "gateway",
        [
            { name: "push", containerPort: 8080 },
            { name: "query", containerPort: 8081 },
        ],
        {
            namespace: "store",
        },
    ) + service("gateway", [{ name: "query", port: 80, targetPort: "query" }], { namespace: "store" });
const SOURCES = configMap({ "datasources.yaml": "datasources: [{ url: 'http://gateway.store.svc' }]" });

const opening = (port: number | undefined, ...from: object[]) =>
    document({
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "in", namespace: "store" },
        spec: { podSelector: {}, ingress: [{ from, ...(port !== undefined && { ports: [{ port }] }) }] },
    });
const labelled = (of: string) => ({
    namespaceSelector: { matchLabels: { [`observability-platform/${of}`]: "allowed" } },
});

describe("verify: readers", () => {
    const base =
        NAMESPACES +
        GATEWAY +
        SOURCES +
        deployment("grafana", [], { pod: { volumes: [{ name: "c", configMap: { name: "config" } }] } });

    it("are not let in by what lets in who pushes", () => {
        assertClean(readers, given(base + opening(8080, labelled("ingest"))));
        assertClean(readers, given(base + opening(8081, labelled("query"))));
        const found = /store\/NetworkPolicy\/in: opens port 8081 of store\/Deployment\/gateway/;
        assertFound(readers, given(base + opening(8081, labelled("ingest"))), found);
        assertFound(readers, given(base + opening(undefined, labelled("ingest"))), found);
        assertFound(readers, given(base + opening(8081, { namespaceSelector: {} })), found);
        assertFound(readers, given(base + opening(8081, { ipBlock: { cidr: "0.0.0.0/0" } })), found);
    });

    it("may come by name", () => {
        const monitoring = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } };
        assertClean(readers, given(base + opening(8081, monitoring)));
    });
});
