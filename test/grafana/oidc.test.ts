import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { search } from "jmespath";
import { roleAttributePath } from "../../components/grafana/oidc";
import { podLabels } from "../../components/grafana/names";
import { parseSettings } from "../../components/platform/settings";
import { ENCRYPTED, readStackFile } from "../../tools/plan/stack-file";
import { isSecretMark, preview } from "../../tools/plan/engine";
import { at } from "../../tools/records";
import { policyWith, portsOf } from "../fixtures/flows";
import { releasesOf, root } from "../fixtures/planned";

const groups = { admins: ["/sre", "CN=ops,OU=it"], editors: ["dev"], viewers: ["staff"] };
const provider = {
    authUrl: "https://id.example.com/authorize",
    tokenUrl: "https://id.example.com:8443/token",
    apiUrl: "https://id.example.com/userinfo",
    clientId: "grafana",
    clientSecret: "the-client-secret",
};

function roleOf(claims: object, more: Partial<Parameters<typeof roleAttributePath>[0]> = {}): unknown {
    const path = roleAttributePath({ ...groups, groupsClaim: "groups", ...more });
    return search(claims, path) as unknown;
}

describe("Grafana's single sign-on: roles", () => {
    it("give the highest role that a group gives, and none to others", () => {
        assert.equal(roleOf({ groups: ["dev", "CN=ops,OU=it", "staff"] }), "Admin");
        assert.equal(roleOf({ groups: ["staff", "dev"] }), "Editor");
        assert.equal(roleOf({ groups: ["staff"] }), "Viewer");
        for (const claims of [{ groups: ["guests"] }, { groups: [] }, { groups: null }, {}]) {
            assert.equal(roleOf(claims), false, JSON.stringify(claims));
        }
    });

    it("want the group itself: neither a longer name nor a text that holds it", () => {
        assert.equal(roleOf({ groups: ["/sre-trainees", "dev2"] }), false);
        assert.equal(roleOf({ groups: "not/sre" }), false);
        assert.equal(roleOf({ groups: "dev" }), "Editor", "some providers send a single group as text");
    });

    it("are found in nested claims and in claims named by a URL", () => {
        assert.equal(roleOf({ realm_access: { roles: ["dev"] } }, { groupsClaim: "realm_access.roles" }), "Editor");
        assert.equal(
            roleOf({ "https://example.com/groups": ["dev"] }, { groupsClaim: "https://example.com/groups" }),
            "Editor",
        );
    });
});

describe("Grafana's single sign-on: settings", () => {
    const problemsOf = (oidc: object, access: object = { kind: "none" }) => {
        const result = parseSettings({
            cluster: "dev",
            domain: "o11y.example.com",
            survives: "nothing",
            access,
            grafana: { oidc: { ...provider, ...oidc } },
        });
        return "problems" in result ? result.problems.map(({ path }) => path) : [];
    };
    const key = (name: string) => `grafana.oidc.${name}`;

    it("are right with a provider and one group", () => {
        assert.deepEqual(problemsOf({ admins: ["sre"] }), []);
        assert.deepEqual(problemsOf({ defaultRole: "viewer" }), []);
    });

    it("are refused where nobody could log in, or where it would not be OpenID Connect", () => {
        assert.deepEqual(problemsOf({}), [key("admins")]);
        assert.deepEqual(problemsOf({ admins: ["sre"], scopes: ["groups"] }), [key("scopes")]);
    });

    it("are refused where codes or tokens would travel in the open", () => {
        assert.deepEqual(problemsOf({ admins: ["sre"], tokenUrl: "http://id.example.com/token" }), [key("tokenUrl")]);
        const plain = { kind: "ingress", className: "nginx", namespace: "edge", tls: { from: "none" } };
        assert.deepEqual(problemsOf({ admins: ["sre"] }, plain), ["access.tls.from"]);
    });

    it("let no group or claim end its text or mean something to Grafana's file", () => {
        for (const bad of ["a' || 'Admin", "a\\", "a`", "$__env{HOME}", "${HOME}", "%(x)s", "a;b", "a#b", "a\nb"]) {
            assert.deepEqual(problemsOf({ admins: ["sre"], editors: [bad] }), [`${key("editors")}[0]`], bad);
            assert.deepEqual(problemsOf({ admins: ["sre"], groupsClaim: bad }), [key("groupsClaim")], bad);
        }
    });
});

describe("Grafana's single sign-on: the plan", () => {
    it("keeps the client's secret in a Secret alone, and lets Grafana reach the provider", async () => {
        const file = readStackFile(root, "prod");
        const oidc = { ...provider, clientSecret: ENCRYPTED, admins: ["sre"], autoLogin: true };
        const plan = await preview(
            root,
            "prod",
            {
                ...file,
                config: { ...file.config, "observability:grafana": JSON.stringify({ oidc }) },
                secretKeys: [...file.secretKeys, "observability:grafana"],
            },
            (name) => `generated-${name}`,
        );
        const holders = plan.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(ENCRYPTED));
        assert.deepEqual(
            holders.map(({ name }) => name),
            ["grafana-oidc"],
        );
        const held = holders[0]?.inputs["stringData"];
        assert.ok(isSecretMark(held));
        assert.deepEqual(held.value, { "client-secret": ENCRYPTED });

        const release = releasesOf(plan).find(({ name }) => name === "kps");
        const { grafana } = release?.inputs["values"] as { grafana: Grafana };
        assert.deepEqual(grafana.envValueFrom["GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET"], {
            secretKeyRef: { name: "grafana-oidc", key: "client-secret" },
        });
        const { "auth.generic_oauth": login, server } = grafana["grafana.ini"];
        assert.equal(login?.["role_attribute_strict"], true, "Grafana would make everyone else a viewer");
        assert.equal(login["auto_login"], true);
        assert.match(String(server?.["root_url"]), /^https:/, "the provider sends browsers back there");
        assert.match(grafana.podAnnotations["observability-platform/credentials-rotation"] ?? "", /oidc-1/);

        const way = policyWith(plan.resources, "monitoring", "login-outside");
        assert.deepEqual(at(way, "spec.podSelector.matchLabels"), podLabels("kps"));
        assert.ok(portsOf(way, "egress", "0.0.0.0/0").some((ports) => isDeepStrictEqual(ports, [443, 8443])));
    });
});

interface Grafana {
    readonly "grafana.ini": Record<string, Record<string, unknown>>;
    readonly envValueFrom: Record<string, unknown>;
    readonly podAnnotations: Record<string, string>;
}
