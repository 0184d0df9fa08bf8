import assert from "node:assert/strict";
import { CLUSTERS_PORT, PORT, TLS_PORT } from "../../components/ingest-gateway/names";
import { createHash } from "node:crypto";
import { headerTenancy, type Tenancy } from "../../components/contracts/tenancy";
import { route } from "../../components/ingest-gateway/ingress";
import { gatewayPods, gatewayService } from "../../components/ingest-gateway/gateway";
import { nginxSpec } from "../../components/kubernetes/nginx-pods";
import { gatewayConfig, pushPaths } from "../../components/ingest-gateway/nginx";
import {
    ingestGatewayDefaults,
    ingestGatewayRules,
    ingestGatewaySettings,
} from "../../components/ingest-gateway/settings";
import { record } from "../../tools/records";
import { isSecretMark, type Plan } from "../../tools/plan/engine";
import { policyWith, portsOf } from "../fixtures/flows";
import { deployed, planned } from "../fixtures/planned";
import { platformOf } from "../fixtures/platform";
import { logStore, metricsStore, traceStore } from "../fixtures/stores";

const PATHS = ["/api/v1/push", "/loki/api/v1/push", "/otlp/v1/logs", "/otlp/v1/metrics", "/otlp/v1/traces"];
const clients = [{ name: "edge-eu" }, { name: "shop", tenant: "shop" }];

describe("pushes from outside: settings", () => {
    const broken = (access: Parameters<typeof ingestGatewayRules>[1]["access"], more: object = {}) =>
        ingestGatewayRules(
            { ...ingestGatewayDefaults("node"), enabled: true, clients, ...more },
            { access, survives: "node", cluster: "hub", tenant: "all" },
        ).map(({ path }) => path);
    const ingress = { kind: "ingress", className: "nginx", namespace: "edge" } as const;
    const tls = { from: "secret", secretName: "wildcard" } as const;

    it("are refused without a way in that speaks TLS", () => {
        assert.deepEqual(broken({ kind: "none" }), ["access.kind"]);
        assert.deepEqual(broken({ ...ingress, tls: { from: "none" } }), ["access.tls.from"]);
        assert.deepEqual(broken({ ...ingress, tls }), []);
    });

    it("are refused on a Gateway without its HTTPS listener: the route would join the plain one too", () => {
        const gateway = { kind: "gateway", name: "public", namespace: "edge" } as const;
        assert.deepEqual(broken(gateway), ["access.listener"]);
        assert.deepEqual(broken({ ...gateway, listener: "https" }), []);
        assert.deepEqual(route({ ...gateway, listener: "https" }, "push.example.com", PATHS).spec.parentRefs, [
            { name: "public", namespace: "edge", sectionName: "https" },
        ]);
    });

    it("are refused without a client, with one named twice, and with one gateway where a node may be lost", () => {
        assert.deepEqual(broken({ ...ingress, tls }, { clients: [] }), ["ingestGateway.clients"]);
        const twice = { clients: [...clients, { name: "shop" }], clusters: [{ name: "edge-eu" }] };
        assert.deepEqual(broken({ ...ingress, tls }, twice), [
            "ingestGateway.clients[0].name",
            "ingestGateway.clients[2].name",
        ]);
        assert.deepEqual(broken({ ...ingress, tls }, { replicas: 1 }), ["ingestGateway.replicas"]);
    });

    it("are refused of a cluster that is called as this one in its tenant: nothing would tell the two apart", () => {
        const of = (more: object) =>
            broken({ ...ingress, tls }, { clusters: [{ name: "eu" }, { name: "hub", ...more }] });
        assert.deepEqual(of({}), ["ingestGateway.clusters[1].name"]);
        assert.deepEqual(of({ tenant: "all" }), ["ingestGateway.clusters[1].name"]);
        assert.deepEqual(of({ tenant: "other" }), []);
        const asClient = { clients: [{ name: "hub" }] };
        assert.deepEqual(broken({ ...ingress, tls }, asClient), [], "a client's name is no label");
    });
});

describe("pushes from outside: by certificate", () => {
    const auth = {
        by: "certificate",
        clientCa: "push-client-ca",
        serverCertificate: { from: "issuer", clusterIssuer: "internal" },
    } as const;
    const broken = (more: object) =>
        ingestGatewayRules(
            { ...ingestGatewayDefaults("node"), enabled: true, auth, clients, ...more },
            { access: { kind: "none" }, survives: "node", cluster: "hub", tenant: "all" },
        ).map(({ path }) => path);

    it("need no Ingress, and no two clients the same subject", () => {
        assert.deepEqual(broken({}), []);
        const twice = [{ name: "a" }, { name: "b", subject: "CN=a" }];
        assert.deepEqual(broken({ clients: twice }), ["ingestGateway.clients[1].subject"]);
    });

    it("refuse a cluster that would raise no alert, since it is to send nothing, or one signal twice", () => {
        const of = (signals: readonly string[]) => broken({ clients: [], clusters: [{ name: "eu", signals }] });
        assert.deepEqual(of(["logs"]), []);
        for (const wrong of [[], ["logs", "logs"]]) assert.deepEqual(of(wrong), ["ingestGateway.clusters[0].signals"]);
    });

    it("refuse what belongs to the other way", () => {
        assert.deepEqual(broken({ clients: [{ name: "a", rotation: 2 }] }), ["ingestGateway.clients[0].rotation"]);
        const byPassword = { auth: { by: "password" }, clients: [{ name: "a", subject: "CN=a" }] };
        assert.deepEqual(broken(byPassword), ["access.kind", "ingestGateway.clients[0].subject"]);
    });

    it("take no subject that could be read as a pattern or as two", () => {
        const { clients } = ingestGatewaySettings.shape;
        for (const subject of ["CN=a\\,b", 'CN="a"', "CN=a*", "CN=a+OU=b", "CN=$a", "a"]) {
            assert.ok(!clients.safeParse([{ name: "a", subject }]).success, subject);
        }
        assert.ok(clients.safeParse([{ name: "a", subject: "CN=a.b,O=Example Ltd." }]).success);
    });

    it("end TLS in the gateway, which alone is published, and have no passwords", () => {
        assert.match(JSON.stringify(gatewayService(auth)), /"LoadBalancer".*"port":443,"targetPort":8443/);
        const pods = JSON.stringify(
            nginxSpec(platformOf("node"), gatewayPods({ replicas: 2, auth, clusters: [] }, "", {})),
        );
        assert.match(pods, /"secretName":"push-client-ca"/);
        assert.match(pods, /"secretName":"push-tls"/);
        assert.match(pods, /"push-client-ca,push-tls"/, "verify is told that others make these");
        assert.doesNotMatch(pods, /htpasswd/);
    });
});

describe("pushes from outside: the gateway", () => {
    const byPassword = { ...ingestGatewayDefaults("node"), clients };
    const config = gatewayConfig(
        { metricsStore: { ...metricsStore, tenancy: headerTenancy("prod") }, logStore, traceStore },
        byPassword,
        { ipFamilies: "dual" },
    );

    it("listens by both families where pods have both, else by IPv4", () => {
        assert.deepEqual(config.match(/listen .*;/g), [
            ...[`listen ${PORT};`, `listen [::]:${PORT};`],
            ...[`listen ${CLUSTERS_PORT};`, `listen [::]:${CLUSTERS_PORT};`],
        ]);
        const auth = {
            by: "certificate",
            clientCa: "ca",
            serverCertificate: { from: "secret", secretName: "t" },
        } as const;
        const stores = { metricsStore, logStore, traceStore };
        const byCertificate = gatewayConfig(stores, { ...byPassword, auth }, { ipFamilies: "ipv4" });
        assert.deepEqual(byCertificate.match(/listen .*;/g), [
            `listen ${TLS_PORT} ssl;`,
            `listen ${PORT};`,
            `listen ${CLUSTERS_PORT};`,
        ]);
    });

    it("passes on pushes by their exact paths, and answers 404 to all else", () => {
        assert.deepEqual([...config.matchAll(/location = (\S+) \{\s+if/g)].map(([, path]) => path).sort(), PATHS);
        const targets = [...config.matchAll(/set \$target "([^"]+)"/g)].map(([, target]) => target);
        assert.deepEqual(targets, [
            "http://metrics/api/v1/push",
            "http://logs/loki/api/v1/push",
            "http://metrics/otlp/v1/metrics",
            "http://logs/otlp/v1/logs",
            "http://traces:4318/v1/traces",
        ]);
        assert.match(config, /location \/ \{\s+return 404;/);
        assert.doesNotMatch(config, /auth_basic off/);
    });

    it("has no path of Loki's for a log store without Loki's API, which OTLP still reaches", () => {
        const otlpOnly = { ...logStore, push: { ...logStore.push, lokiUrl: undefined } };
        const targets = { metricsStore, logStore: otlpOnly, traceStore };
        assert.deepEqual(
            Object.keys(pushPaths(targets)).sort(),
            PATHS.filter((path) => !path.startsWith("/loki")),
        );
        assert.doesNotMatch(gatewayConfig(targets, byPassword, { ipFamilies: "ipv4" }), /loki/);
    });

    it("sets the tenant by the user, not by what the client says, and keeps the password to itself", () => {
        assert.match(config, /"edge-eu" "prod";\s+"shop" "shop";/);
        assert.equal(config.match(/X-Scope-OrgID/g)?.length, 1);
        assert.match(config, /proxy_set_header X-Scope-OrgID \$push_tenant;/);
        assert.match(config, /proxy_set_header Authorization "";/);
    });

    it("tells the tenant as each store asks for it, and sends none a header that it does not know", () => {
        const own: Tenancy = { ...headerTenancy("prod"), headers: (tenant) => ({ Project: tenant }) };
        const none: Tenancy = { ...headerTenancy("prod"), headers: () => ({}) };
        const headers = (metrics: Tenancy, logs: Tenancy) => {
            const targets = {
                metricsStore: { ...metricsStore, tenancy: metrics },
                logStore: { ...logStore, tenancy: logs },
                traceStore: { ...traceStore, tenancy: none },
            };
            const made = gatewayConfig(targets, byPassword, { ipFamilies: "ipv4" });
            return [...made.matchAll(/proxy_set_header (\S+) \$push_tenant;/g)].map(([, name]) => name);
        };
        assert.deepEqual(headers(own, headerTenancy("prod")), ["Project", "X-Scope-OrgID"]);
        assert.deepEqual(headers(own, none), ["Project"]);
        assert.deepEqual(headers(none, none), []);
    });
});

describe("pushes from outside: the plan", () => {
    let plan: Plan;
    const inputs = (type: string, name: string) =>
        plan.resources.find((each) => each.type.endsWith(`:${type}`) && each.name === name)?.inputs ?? {};

    before(async () => {
        plan = await deployed("prod", {
            "observability:ingestGateway": JSON.stringify({ enabled: true, clients }),
            "observability:tenants": JSON.stringify({ shop: {} }),
        });
    });

    it("has no such door unless it is asked for", async () => {
        const { resources, outputs } = await planned("prod");
        assert.ok(resources.every(({ name }) => !name.includes("push-gateway")));
        assert.doesNotMatch(JSON.stringify(outputs), /FromOutside/);
    });

    it("opens the push paths alone, exactly, with TLS", () => {
        const spec = record(inputs("Ingress", "push-gateway")["spec"]);
        const [rule] = spec["rules"] as { host: string; http: { paths: { path: string; pathType: string }[] } }[];
        assert.deepEqual(rule?.http.paths.map(({ path }) => path).sort(), PATHS);
        assert.ok(rule.http.paths.every(({ pathType }) => pathType === "Exact"));
        assert.deepEqual(spec["tls"], [{ secretName: "push-tls", hosts: ["push.observability.example.com"] }]);
    });

    it("gives each client a password, which the gateway can check but not read", () => {
        const given = inputs("Secret", "push-passwords")["stringData"];
        const checked = inputs("Secret", "push-htpasswd")["stringData"];
        assert.ok(isSecretMark(given) && isSecretMark(checked));
        assert.deepEqual(given.value, { "edge-eu": "generated-push-edge-eu", shop: "generated-push-shop" });
        const digest = (text: string) => createHash("sha1").update(text).digest("base64");
        assert.deepEqual(checked.value, {
            htpasswd: `edge-eu:{SHA}${digest("generated-push-edge-eu")}\nshop:{SHA}${digest("generated-push-shop")}\n`,
        });
        const pods = JSON.stringify(inputs("Deployment", "push-gateway"));
        assert.match(pods, /push-htpasswd/);
        assert.doesNotMatch(pods, /push-passwords|generated-/);
    });

    it("is let in by the stores, and lets in the ingress controller alone", () => {
        const way = policyWith(plan.resources, "ingest-gateway", "from-outside");
        assert.equal(portsOf(way, "ingress", "ingress-nginx").length, 1);
        const out = policyWith(plan.resources, "ingest-gateway", "to-metrics-store");
        const stores = { cortex: 8080, loki: 8080, tempo: 4318 };
        for (const [namespace, port] of Object.entries(stores)) {
            const theirs = policyWith(plan.resources, namespace, "push-from-ingest-gateway");
            assert.ok(portsOf(theirs, "ingress", '"ingest-gateway"').flat().includes(port), namespace);
            // The ports of the stores' pods, not of their Services.
            assert.deepEqual(portsOf(out, "egress", `"${namespace}"`), [[port]], namespace);
        }
    });

    it("tells its addresses", () => {
        const push = record(plan.outputs["push"]);
        assert.equal(push["metricsFromOutside"], "https://push.observability.example.com/api/v1/push");
        assert.equal(push["logsFromOutside"], "https://push.observability.example.com/loki/api/v1/push");
        assert.equal(push["otlpHttpFromOutside"], "https://push.observability.example.com/otlp");
    });
});
