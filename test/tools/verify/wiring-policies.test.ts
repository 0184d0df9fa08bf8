import assert from "node:assert/strict";
import { blockedBy, type Connection, type End } from "../../../tools/verify/wiring/policies";
import { wiringOf } from "../../../tools/verify/wiring/wiring";
import { given } from "../../fixtures/verify/given";
import { document } from "../../fixtures/verify/manifests";
import { deployment, NAMESPACES } from "../../fixtures/verify/wiring";

const PODS = [
    deployment("caller", []),
    deployment("callee", [{ name: "http", containerPort: 8080 }], { namespace: "store" }),
    deployment("neighbour", [{ name: "http", containerPort: 8080 }]),
    deployment("host", [{ containerPort: 9100 }], { namespace: "store", pod: { hostNetwork: true } }),
].join("");

const policy = (namespace: string, spec: object, name = "p") =>
    document({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name, namespace }, spec });
const DENY = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const ns = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });

/** Whether `ns/caller` reaches a port of pods; else the direction that stops it. */
function way(
    policies: string,
    to: string | End = "callee",
    port = 8080,
    protocol: Connection["protocol"] = "TCP",
): string {
    const wiring = wiringOf(given(NAMESPACES + PODS + policies));
    const end = (name: string): End => {
        const pods = wiring.pods.find((each) => each.name === name);
        assert.ok(pods !== undefined, name);
        return { kind: "pods", pods };
    };
    const connection = { from: end("caller"), to: typeof to === "string" ? end(to) : to, port, protocol };
    return blockedBy(wiring, connection)?.direction ?? "open";
}

describe("verify: network policies", () => {
    it("hold nobody whom they do not select, and then only in their directions", () => {
        assert.equal(way(""), "open");
        assert.equal(way(policy("ns", DENY)), "Egress");
        assert.equal(way(policy("store", DENY)), "Ingress");
        assert.equal(way(policy("ns", { ...DENY, podSelector: { matchLabels: { app: "neighbour" } } })), "open");
        assert.equal(way(policy("ns", { podSelector: {}, policyTypes: ["Ingress"] })), "open");
    });

    it("are for ingress where they name no direction, and for egress too where they have such rules", () => {
        assert.equal(way(policy("ns", { podSelector: {} })), "open");
        assert.equal(way(policy("store", { podSelector: {} })), "Ingress");
        assert.equal(way(policy("ns", { podSelector: {}, egress: [{ to: [ns("elsewhere")] }] })), "Egress");
    });

    it("add up: one rule of one policy is enough, on each side", () => {
        const out = policy("ns", { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [ns("store")] }] }, "out");
        const into = policy("store", { podSelector: {}, ingress: [{ from: [ns("ns")] }] }, "in");
        assert.equal(way(policy("ns", DENY) + policy("store", DENY) + out), "Ingress");
        assert.equal(way(policy("ns", DENY) + policy("store", DENY) + into), "Egress");
        assert.equal(way(policy("ns", DENY) + policy("store", DENY) + out + into), "open");
    });

    it("know peers by pods, by namespaces, and by both at once", () => {
        const from = (...peers: object[]) => way(policy("store", { podSelector: {}, ingress: [{ from: peers }] }));
        const app = (name: string) => ({ podSelector: { matchLabels: { app: name } } });
        // Pods alone are those of the policy's own namespace.
        assert.equal(from(app("caller")), "Ingress");
        assert.equal(from({ ...ns("ns"), ...app("caller") }), "open");
        assert.equal(from({ ...ns("ns"), ...app("neighbour") }), "Ingress");
        // Two peers are either, not both.
        assert.equal(from(ns("elsewhere"), { ...ns("ns"), ...app("caller") }), "open");
        assert.equal(from({ namespaceSelector: {} }), "open");
        assert.equal(from(), "open");
    });

    it("select by expressions, of namespaces and of pods", () => {
        const expression = (of: string, key: string, operator: string, ...values: string[]) =>
            way(
                policy("store", {
                    podSelector: {},
                    ingress: [
                        {
                            from: [
                                {
                                    namespaceSelector: {},
                                    [of]: {
                                        matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
                                    },
                                },
                            ],
                        },
                    ],
                }),
            );
        assert.equal(expression("namespaceSelector", "team", "In", "ns", "other"), "open");
        assert.equal(expression("namespaceSelector", "team", "NotIn", "ns"), "Ingress");
        assert.equal(expression("namespaceSelector", "kubernetes.io/metadata.name", "Exists"), "open");
        assert.equal(expression("podSelector", "app", "In", "caller"), "open");
        assert.equal(expression("podSelector", "app", "DoesNotExist"), "Ingress");
    });

    it("know ports by number, name, range and protocol", () => {
        const on = (ports: object[] | undefined, ...to: [string?, number?, Connection["protocol"]?]) =>
            way(policy("store", { podSelector: {}, ingress: [{ from: [ns("ns")], ...(ports && { ports }) }] }), ...to);
        assert.equal(on(undefined), "open");
        assert.equal(on([]), "open");
        assert.equal(on([{ port: 8080 }]), "open");
        assert.equal(on([{ port: 80 }]), "Ingress");
        assert.equal(on([{ port: 80 }, { port: 8080 }]), "open");
        assert.equal(on([{ port: "http" }]), "open");
        assert.equal(on([{ port: "grpc" }]), "Ingress");
        assert.equal(on([{ port: 8000, endPort: 8090 }]), "open");
        assert.equal(on([{ port: 8000, endPort: 8079 }]), "Ingress");
        assert.equal(on([{ protocol: "TCP" }]), "open");
        assert.equal(on([{ port: 8080, protocol: "UDP" }]), "Ingress");
        assert.equal(on([{ port: 8080 }], "callee", 8080, "UDP"), "Ingress");
    });

    it("look a named port up in the pods that listen, also on the way out", () => {
        const out = (port: string) =>
            policy("ns", { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port }] }] });
        assert.equal(way(out("http")), "open");
        assert.equal(way(out("web")), "Egress");
    });

    it("know addresses by range, with exceptions; pods are none", () => {
        const to = (block: object, end: string | End, port = 443) =>
            way(
                policy("ns", { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ ipBlock: block }] }] }),
                end,
                port,
            );
        const address = (text?: string): End => ({ kind: "address", address: text });
        assert.equal(to({ cidr: "10.0.0.0/8" }, address("10.1.2.3")), "open");
        assert.equal(to({ cidr: "10.0.0.0/8" }, address("11.1.2.3")), "Egress");
        assert.equal(to({ cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] }, address("10.1.2.3")), "Egress");
        assert.equal(to({ cidr: "::/0" }, address("2001:db8::1")), "open");
        assert.equal(to({ cidr: "0.0.0.0/0" }, address("2001:db8::1")), "Egress");
        assert.equal(to({ cidr: "10.0.0.0/8" }, address()), "open");
        assert.equal(to({ cidr: "0.0.0.0/0" }, "callee", 8080), "Egress");
        assert.equal(to({ cidr: "0.0.0.0/0" }, "host", 9100), "open");
    });

    it("neither hold pods on the host's network nor select them as peers", () => {
        assert.equal(way(policy("store", DENY), "host", 9100), "open");
        assert.equal(
            way(policy("ns", { ...DENY, egress: [{ to: [{ namespaceSelector: {} }] }] }), "host", 9100),
            "Egress",
        );
    });
});
