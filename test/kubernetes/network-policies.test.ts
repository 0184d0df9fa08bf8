import assert from "node:assert/strict";
import { planned } from "../fixtures/planned";
import { at, record, records } from "../../tools/records";
import { flowsOf, policiesOf, policyWith, portsOf } from "../fixtures/flows";
import { platformOf } from "../fixtures/platform";
import type { PlatformSettings } from "../../components/settings/platform";
import { byPods, networkPolicySpecs } from "../../components/kubernetes/network-policies";

interface Rule {
    to: { namespaceSelector?: { matchLabels: Record<string, string> }; ipBlock?: { cidr: string } }[];
    ports: { port: number; protocol: string }[];
}

describe("network policies of a namespace", () => {
    const specs = networkPolicySpecs({
        namespace: "loki",
        cluster: platformOf("zone"),
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

    it("let names be asked where the cluster has its server: another namespace and port, and addresses on the nodes", () => {
        const dns = {
            service: "dns-default",
            namespace: "openshift-dns",
            port: 5353,
            addresses: ["169.254.20.10", "fd00::10"],
        };
        const [pods, nodes] = networkPolicySpecs({ namespace: "loki", cluster: platformOf("zone", { dns }) }).dns
            ?.egress as [Rule, Rule];
        assert.equal(pods.to[0]?.namespaceSelector?.matchLabels["kubernetes.io/metadata.name"], "openshift-dns");
        assert.deepEqual(
            pods.ports.map(({ port }) => port),
            [5353, 5353],
        );
        assert.deepEqual(nodes, {
            to: [{ ipBlock: { cidr: "169.254.20.10/32" } }, { ipBlock: { cidr: "fd00::10/128" } }],
            ports: [
                { port: 53, protocol: "UDP" },
                { port: 53, protocol: "TCP" },
            ],
        });
    });

    it("open an ingress flow to the peer's namespace alone, on its ports alone", () => {
        assert.deepEqual(specs["from-grafana"], {
            podSelector: {},
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
        const ports = (cluster: PlatformSettings) =>
            (networkPolicySpecs({ namespace: "a", cluster, apiServer: true })["to-api-server"]?.egress as Rule[])[0]
                ?.ports;
        assert.deepEqual(
            ports(platformOf("zone", { apiServer: { port: 16443 } }))?.map(({ port }) => port),
            [443, 16443],
        );
        assert.equal(ports(platformOf("zone", { apiServer: { port: 443 } }))?.length, 1);
        assert.equal(
            networkPolicySpecs({ namespace: "minio", cluster: platformOf("zone") })["to-api-server"],
            undefined,
        );
    });
});

describe("network policies that are made", () => {
    it("let pass what the flows of their pods let pass, and each flow once", () => {
        const gateway = { component: "gateway", name: "loki" };
        const specs = networkPolicySpecs({
            namespace: "loki",
            cluster: platformOf("zone"),
            ingress: [
                { name: "push", peer: { namespace: "collectors" }, ports: [8080], pods: gateway },
                { name: "query", peer: { namespace: "monitoring" }, ports: [8081], pods: gateway },
                { name: "from-prometheus", peer: { namespace: "monitoring" }, ports: [3100] },
            ],
            egress: [
                { name: "to-object-store", peer: { namespace: "minio" }, ports: [9000], pods: { name: "ingester" } },
                { name: "to-backends", peer: "cluster", ports: [], pods: gateway },
            ],
            apiServer: true,
        });
        const policies = byPods(specs);
        assert.deepEqual([...policies.keys()], ["all-pods", "gateway-loki", "ingester"]);
        assert.deepEqual([...policies.values()].flatMap(({ flows }) => flows).sort(), Object.keys(specs).sort());
        for (const { flows, spec } of policies.values()) {
            const own = flows.map((flow) => specs[flow]);
            for (const each of own) assert.deepEqual(each?.podSelector, spec.podSelector);
            assert.deepEqual([...new Set(own.flatMap((each) => each?.policyTypes ?? []))], spec.policyTypes);
            for (const direction of ["ingress", "egress"] as const)
                assert.deepEqual(
                    spec[direction] ?? [],
                    own.flatMap((each) => each?.[direction] ?? []),
                );
        }
        const alike = {
            one: { ...specs.dns, podSelector: { matchLabels: { app: "x" } } },
            two: { ...specs.dns, podSelector: { matchLabels: { name: "x" } } },
        };
        assert.throws(() => byPods(alike as typeof specs), /two groups of pods are named x/);
    });

    it("are one for the same pods, which tells its flows and has the rules of each", async () => {
        const { resources } = await planned("prod");
        const policies = policiesOf(resources);
        const pods = policies.map(({ inputs }) => {
            const labels = Object.entries(record(at(inputs, "spec.podSelector.matchLabels"))).sort();
            return JSON.stringify([at(inputs, "metadata.namespace"), labels]);
        });
        assert.equal(new Set(pods).size, policies.length, "two policies of the same pods");

        const gateway = policyWith(resources, "loki", "push-from-collectors");
        assert.equal(gateway, policyWith(resources, "loki", "query-from-monitoring"));
        assert.deepEqual(at(gateway, "spec.policyTypes"), ["Ingress"]);
        assert.deepEqual(portsOf(gateway, "ingress", '"collectors"'), [[8080]]);
        assert.equal(records(at(gateway, "spec.egress")).length, 0);
    });

    it("close each namespace in both directions, for all of its pods", async () => {
        const { resources } = await planned("prod");
        const namespaces = new Set(policiesOf(resources).map(({ inputs }) => String(at(inputs, "metadata.namespace"))));
        assert.ok(namespaces.size > 5);
        for (const namespace of namespaces) {
            assert.ok(flowsOf(resources, namespace).includes("same-namespace"), namespace);
            const { spec } = policyWith(resources, namespace, "default-deny");
            assert.deepEqual(at(spec, "podSelector"), {});
            assert.deepEqual(at(spec, "policyTypes"), ["Ingress", "Egress"]);
        }
    });
});
