import { networkPaths } from "../../../tools/verify/checks/network-paths";
import { assertClean, assertFound, given } from "../../fixtures/verify/given";
import { document } from "../../fixtures/verify/manifests";
import { configMap, deployment, NAMESPACES, service } from "../../fixtures/verify/wiring";

const PORTS = [{ name: "http", containerPort: 8080 }];
const CALLEE =
    deployment("callee", PORTS, { namespace: "store" }) +
    service("callee", [{ name: "http", port: 80, targetPort: "http" }], { namespace: "store" });
const caller = (pod: object = {}) =>
    deployment("caller", [], { pod: { volumes: [{ name: "c", configMap: { name: "config" } }], ...pod } });
const CALLS = configMap({ "a.yaml": "url: http://callee.store.svc/push" });

const policy = (namespace: string, spec: object, name: string) =>
    document({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name, namespace }, spec });
const deny = (namespace: string) => policy(namespace, { podSelector: {}, policyTypes: ["Ingress", "Egress"] }, "deny");
const DNS = policy(
    "ns",
    { podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: 53, protocol: "UDP" }, { port: 53 }] }] },
    "dns",
);
const out = (port: number) =>
    policy(
        "ns",
        { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port }] }] },
        "out",
    );
const into = (port: number, from: object[] = [{ namespaceSelector: {} }]) =>
    policy("store", { podSelector: {}, ingress: [{ from, ports: [{ port }] }] }, "in");

describe("verify: network paths", () => {
    it("of addresses need the names' server, a way out and a way in, at the pods' port and not the Service's", () => {
        const base = NAMESPACES + CALLEE + caller() + CALLS + deny("ns") + deny("store");
        assertClean(networkPaths, given(base + DNS + out(8080) + into(8080)));
        assertFound(networkPaths, given(base + out(8080) + into(8080)), /kube-dns, port 53 \(UDP\)/, /port 53 \(TCP\)/);
        assertFound(
            networkPaths,
            given(base + DNS + out(80) + into(8080)),
            /ns\/Deployment\/caller: may not call store\/Deployment\/callee, port 8080/,
        );
        assertFound(
            networkPaths,
            given(base + DNS + out(8080) + into(80)),
            /store\/Deployment\/callee: is closed to ns\/Deployment\/caller/,
        );
    });

    it("are those of the pods that read the file, and of the module that reads the section", () => {
        const closed = NAMESPACES + CALLEE + deny("store");
        assertClean(networkPaths, given(closed + CALLS + deployment("bystander", [])));
        const rulers = configMap({ "a.yaml": "ruler: { alertmanager_url: 'http://callee.store.svc' }" });
        const module = (target: string) => caller({ containers: [{ name: "m", args: [`-target=${target}`] }] });
        assertClean(networkPaths, given(closed + rulers + module("querier")));
        assertFound(networkPaths, given(closed + rulers + module("ruler")), /is closed to ns\/Deployment\/caller/);
    });

    it("lead outside by the addresses' ranges", () => {
        const store = configMap({ "a.yaml": "endpoint: s3.example.com:443" });
        const base = NAMESPACES + caller() + store + deny("ns") + DNS;
        const rule = (port: number) => ({ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ port }] });
        const open = (port: number) =>
            policy("ns", { podSelector: {}, policyTypes: ["Egress"], egress: [rule(port)] }, "s3");
        assertClean(networkPaths, given(base + open(443)));
        assertFound(networkPaths, given(base + open(9000)), /may not call addresses outside of the pods, port 443/);
        // What a program is told of itself is no call.
        const own = configMap({ "a.yaml": "external_url: https://grafana.example.com" });
        assertClean(networkPaths, given(NAMESPACES + caller() + own + deny("ns")));
        const shouted = configMap({ "a.env": "ALERTS_EXTERNAL__URL=https://grafana.example.com" });
        assertClean(networkPaths, given(NAMESPACES + caller() + shouted + deny("ns")));
    });

    it("of scrapes lead from the Prometheus to every target", () => {
        const monitoring = (kind: string, name: string, spec: object) =>
            document({ apiVersion: "monitoring.coreos.com/v1", kind, metadata: { name }, spec });
        const base =
            NAMESPACES +
            CALLEE +
            monitoring("Prometheus", "p", { serviceMonitorSelector: {}, replicas: 2 }) +
            monitoring("ServiceMonitor", "m", {
                ...{ selector: { matchLabels: { app: "callee" } }, namespaceSelector: { any: true } },
                endpoints: [{ port: "http" }],
            }) +
            deny("store");
        assertClean(networkPaths, given(base + into(8080)));
        assertFound(networkPaths, given(base + into(9090)), /callee: is closed to ns\/Prometheus\/p on port 8080/);
    });

    it("of webhooks come from the API server, and pods with rights call it", () => {
        const hook = document({
            ...{ apiVersion: "admissionregistration.k8s.io/v1", kind: "ValidatingWebhookConfiguration" },
            metadata: { name: "w" },
            webhooks: [{ name: "w", clientConfig: { service: { name: "callee", namespace: "store", port: 80 } } }],
        });
        const base = NAMESPACES + CALLEE + hook + deny("store");
        assertClean(networkPaths, given(base + into(8080, [{ ipBlock: { cidr: "0.0.0.0/0" } }])));
        assertFound(networkPaths, given(base + into(8080)), /is closed to addresses outside of the pods on port 8080/);
        const bound = document({
            ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata: { name: "b" } },
            subjects: [{ kind: "ServiceAccount", name: "me", namespace: "ns" }],
        });
        const reader = deployment("reader", [], { pod: { serviceAccountName: "me" } });
        assertFound(
            networkPaths,
            given(NAMESPACES + bound + reader + deny("ns")),
            /may not call default\/.*kubernetes, port 6443/,
        );
        const api = policy(
            "ns",
            { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }] },
            "api",
        );
        assertClean(networkPaths, given(NAMESPACES + bound + reader + deny("ns") + api));
    });

    it("of an Ingress come from pods of another namespace", () => {
        const ingress = document({
            ...{ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: "i", namespace: "store" } },
            spec: {
                rules: [{ http: { paths: [{ backend: { service: { name: "callee", port: { name: "http" } } } }] } }],
            },
        });
        const base = NAMESPACES + CALLEE + ingress + deny("store");
        const controllers = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } } };
        assertClean(networkPaths, given(base + into(8080, [controllers])));
        assertFound(
            networkPaths,
            given(base + into(8080, [{ podSelector: {} }])),
            /closed to pods that the stack does not render/,
        );
    });

    it("of operators' pods lead to each other", () => {
        const mesh = document({
            ...{ apiVersion: "monitoring.coreos.com/v1", kind: "Alertmanager", metadata: { name: "a" } },
            spec: { replicas: 3 },
        });
        assertFound(
            networkPaths,
            given(NAMESPACES + mesh + deny("ns")),
            /Alertmanager\/a, port 9094 \(TCP\)/,
            /9094 \(UDP\)/,
        );
        const within = policy(
            "ns",
            {
                podSelector: {},
                policyTypes: ["Ingress", "Egress"],
                ingress: [{ from: [{ podSelector: {} }] }],
                egress: [{ to: [{ podSelector: {} }] }],
            },
            "same",
        );
        assertClean(networkPaths, given(NAMESPACES + mesh + deny("ns") + within));
    });
});
