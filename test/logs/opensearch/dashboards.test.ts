import { deepEqual, doesNotMatch, equal, match, notEqual, ok } from "node:assert/strict";
import { parse } from "yaml";
import { logins } from "../../../components/logs/opensearch/config";
import { buildDashboardsValues, dashboardsConfig, dashboardsUrl } from "../../../components/logs/opensearch/dashboards";
import { podLabels } from "../../../components/logs/opensearch/names";
import { opensearchNetwork } from "../../../components/logs/opensearch/network-policies";
import { opensearchDefaults, type OpensearchSettings } from "../../../components/logs/opensearch/settings";
import { setupBodies } from "../../../components/logs/opensearch/setup";
import { INGEST_LABEL } from "../../../components/kubernetes/access-labels";
import type { Survives } from "../../../components/kubernetes/placement";
import { parseSettings } from "../../../components/platform/settings";
import type { PlatformSettings } from "../../../components/settings/platform";
import { at, record, records } from "../../../tools/records";
import { platformOf } from "../../fixtures/platform";

const INGRESS = {
    kind: "ingress",
    className: "nginx",
    namespace: "edge",
    tls: { from: "issuer", clusterIssuer: "letsencrypt" },
} as const;
const OIDC = {
    discoveryUrl: "https://id.example.com/.well-known/openid-configuration",
    clientId: "logs",
    clientSecret: "hunter2",
    readers: ["viewers"],
};
const LOGIN = { ...OIDC, rotation: 1, scopes: ["openid"], userClaim: "email", groupsClaim: "groups" };
const DASHBOARDS: OpensearchSettings["dashboards"] = { enabled: true, oidc: LOGIN };

const settingsOf = (survives: Survives, dashboards = DASHBOARDS) => ({ ...opensearchDefaults(survives), dashboards });
const valuesOf = (survives: Survives, change: object = { access: INGRESS }, dashboards = DASHBOARDS) =>
    buildDashboardsValues({
        platform: platformOf(survives, change),
        settings: settingsOf(survives, dashboards),
        snapshots: undefined,
    });
const opened = (values: ReturnType<typeof valuesOf>, kind: string) =>
    records(values.extraObjects).find((each) => each.kind === kind);

function problems(dashboards: object, more: object = {}): string[] {
    const logs = { kind: "opensearch", dashboards };
    const result = parseSettings({ cluster: "c", domain: "a.example.com", survives: "zone", ...more, logs });
    return "problems" in result ? result.problems.map(({ path }) => path) : [];
}

describe("opensearch dashboards", () => {
    it("are off by themselves, and two with a budget where something is survived", () => {
        equal(opensearchDefaults("zone").dashboards.enabled, false);
        const values = valuesOf("zone");
        equal(values.replicaCount, 2);
        const budget = opened(values, "PodDisruptionBudget");
        deepEqual(at(budget, "spec.selector.matchLabels"), podLabels("dashboards"));
        ok(at(values, "affinity.podAntiAffinity"));
        equal(opened(valuesOf("nothing"), "PodDisruptionBudget"), undefined);
    });

    it("open where Grafana does, at a host of their own: by an Ingress with its certificate, or a route of the Gateway", () => {
        const ingress = opened(valuesOf("zone"), "Ingress");
        deepEqual(at(ingress, "spec.tls"), [
            { secretName: "opensearch-dashboards-tls", hosts: ["logs.o11y.example.com"] },
        ]);
        equal(record(at(ingress, "metadata.annotations"))["cert-manager.io/cluster-issuer"], "letsencrypt");
        const access = { kind: "gateway", name: "public", namespace: "edge", listener: "https" } as const;
        const route = opened(valuesOf("zone", { access }), "HTTPRoute");
        deepEqual(at(route, "spec.parentRefs"), [{ name: "public", namespace: "edge", sectionName: "https" }]);
        equal(dashboardsUrl({ access, domain: "a.example.com" }), "https://logs.a.example.com");
        const none = { access: { kind: "none" } } as const;
        deepEqual(
            records(valuesOf("zone", none).extraObjects).map(({ kind }) => kind),
            ["PodDisruptionBudget"],
        );
    });

    it("have no secret among their values, and send their cookie over TLS alone where there is TLS", () => {
        const text = JSON.stringify(valuesOf("zone"));
        doesNotMatch(text, /hunter2/);
        match(text, /"secretKeyRef":\{"name":"opensearch-dashboards-oidc"/);
        const cookie = (access: PlatformSettings["access"]) =>
            record(parse(dashboardsConfig(platformOf("zone", { access }), settingsOf("zone"))))[
                "opensearch_security.cookie.secure"
            ];
        equal(cookie(INGRESS), true);
        equal(cookie({ ...INGRESS, tls: { from: "none" } }), false);
        const rotated = valuesOf("zone", {}, { enabled: true, oidc: { ...LOGIN, rotation: 2 } });
        notEqual(JSON.stringify(rotated.podAnnotations), JSON.stringify(valuesOf("zone", {}).podAnnotations));
    });

    it("let in whom the provider signs for, and nobody by it where none is named", () => {
        equal(at(logins(DASHBOARDS.oidc), "dynamic.authc.openid.http_authenticator.config.roles_key"), "groups");
        equal(at(logins(undefined), "dynamic.authc.openid"), undefined);
        const bodies = setupBodies(settingsOf("zone"));
        deepEqual(bodies["mapping.reader.json"], { users: ["reader", "viewer"], backend_roles: ["viewers"] });
        deepEqual(setupBodies(settingsOf("zone", { enabled: false }))["mapping.kibana_user.json"], {
            users: [],
            backend_roles: [],
        });
    });

    it("are reached from the ingress alone, and reach the provider, as the nodes do", () => {
        const flows = (dashboards: OpensearchSettings["dashboards"]) =>
            opensearchNetwork({
                cluster: platformOf("zone", { access: INGRESS }),
                dashboards,
                pushFrom: [],
                queryFrom: [],
                applications: { namespaceLabels: INGEST_LABEL },
                readers: undefined,
                objectStore: undefined,
            });
        const { ingress = [], egress = [] } = flows(DASHBOARDS);
        deepEqual(ingress.find(({ name }) => name === "to-dashboards")?.peer, { namespace: "edge" });
        deepEqual(
            egress.map(({ name, ports }) => [name, ports]),
            [
                ["dashboards-to-login-outside", [443]],
                ["node-to-login-outside", [443]],
            ],
        );
        ok(!flows({ enabled: false }).ingress?.some(({ name }) => name === "to-dashboards"));
    });

    it("refuse a login that lets nobody in, or that travels in the open", () => {
        deepEqual(problems({ enabled: true, oidc: OIDC }, { access: INGRESS }), []);
        deepEqual(problems({ enabled: false, oidc: OIDC }), ["logs.dashboards.enabled"]);
        deepEqual(problems({ enabled: true, oidc: { ...OIDC, readers: [], scopes: ["email"] } }), [
            "logs.dashboards.oidc.readers",
            "logs.dashboards.oidc.scopes",
        ]);
        deepEqual(problems({ enabled: true, oidc: OIDC }, { access: { ...INGRESS, tls: { from: "none" } } }), [
            "access.tls.from",
        ]);
        deepEqual(problems({ enabled: true, oidc: { ...OIDC, discoveryUrl: "http://id.example.com/x" } }), [
            "logs.dashboards.oidc.discoveryUrl",
        ]);
    });
});
