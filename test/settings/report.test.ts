import assert from "node:assert/strict";
import { parseSettings, settingsSchema } from "../../components/platform/settings";
import type { SettingsProblem } from "../../components/settings/problem";

const PROD = { survives: "zone", cluster: "prod", domain: "observability.example.com" };

function problems(raw: Record<string, unknown>): readonly SettingsProblem[] {
    const result = parseSettings({ ...PROD, ...raw });
    return "problems" in result ? result.problems : [];
}

const fix = (raw: Record<string, unknown>) => problems(raw).map((one) => one.fix);

describe("problems in the settings", () => {
    it("are told where a key, or one below it, has a value of another shape", () => {
        const defaults = parseSettings(PROD);
        assert.ok("settings" in defaults);
        const { platform, ...slices } = defaults.settings;
        const whole: Record<string, unknown> = { ...platform, ...slices };
        for (const key of Object.keys(settingsSchema.shape)) {
            const usual = whole[key];
            const below =
                typeof usual === "object" && usual !== null && !Array.isArray(usual) ? Object.keys(usual) : [];
            for (const odd of [null, [[]], { "": null }]) {
                // A key of a map with nothing below it is as if it were not there.
                if (odd !== null) assert.notDeepEqual(problems({ [key]: odd }), [], `${key}: ${JSON.stringify(odd)}`);
                for (const inner of below) {
                    const given = { [key]: { [inner]: odd } };
                    assert.notDeepEqual(problems(given), [], JSON.stringify(given));
                }
            }
        }
    });

    it("name the version that was meant, and none that differs in a digit", () => {
        assert.deepEqual(fix({ kubernetes: "1.3" }), ['write kubernetes: "1.30"']);
        assert.deepEqual(fix({ kubernetes: "v1.35" }), ['write kubernetes: "1.35"']);
        assert.deepEqual(fix({ kubernetes: "1.34.2" }), ['write kubernetes: "1.34"']);
        const [all = ""] = fix({ kubernetes: "1.36" });
        assert.match(all, /"1\.30".*"1\.35"$/);
    });

    it("are told once of a number that is wrong in two ways", () => {
        assert.equal(problems({ ingestGateway: { clusters: [{ name: "eu", rotation: 1.5e99 }] } }).length, 1);
        assert.equal(problems({ hub: { replicas: 0.5 } }).filter(({ path }) => path === "hub.replicas").length, 1);
    });

    it("of who may push are told behind a closed gateway too", () => {
        const clusters = [
            { name: "eu", signals: [] },
            { name: "eu", subject: "CN=eu" },
        ];
        assert.deepEqual(
            problems({ ingestGateway: { clusters } })
                .map(({ path }) => path)
                .sort(),
            ["[0].signals", "[1].name", "[1].subject"].map((path) => `ingestGateway.clusters${path}`),
        );
        assert.deepEqual(problems({ ingestGateway: { clusters: [{ name: "eu" }] } }), []);
    });

    it("name a word that was meant whatever its letters' case, a switch by what it was to be, a key by its other names", () => {
        const identity = { kind: "s3", endpoint: "s3.us-east-1.amazonaws.com:443", region: "us-east-1" };
        assert.deepEqual(fix({ objectStore: { ...identity, identity: { from: "IRSA" } } }), ["write from: irsa"]);
        assert.deepEqual(fix({ networkPolicies: "off" }), ["write networkPolicies: false"]);
        assert.deepEqual(fix({ networkPolicies: "Yes" }), ["write networkPolicies: true"]);
        assert.deepEqual(fix({ networkPolicies: "strict" }), ["write networkPolicies: true or false"]);
        assert.deepEqual(fix({ ingress: {} }), ["write access, or remove it"]);
        assert.deepEqual(fix({ nodeSelector: {} }), ["write scheduling, with nodeSelector below it, or remove it"]);
    });

    it("name the kind that a key belongs to, unless the chosen one has its own way", () => {
        const minio = { kind: "minio", endpoint: "s3.example.com:443" };
        assert.deepEqual(fix({ objectStore: minio }), ["remove it, or choose kind: s3"]);
        assert.deepEqual(fix({ objectStore: { identity: {} } }), ["remove it, or choose kind: s3"]);
        const tls = { from: "none", clusterIssuer: "a" };
        const deep = { access: { kind: "ingress", className: "nginx", namespace: "nginx", tls } };
        assert.deepEqual(fix(deep), ["remove it, or choose from: issuer"]);
        assert.deepEqual(fix({ metrics: { replicas: { vmselect: 2 } } }), ["write querier"]);
        assert.deepEqual(fix({ access: { kind: "none", className: "nginx" } }), ["remove it, or choose kind: ingress"]);
        const [own = ""] = fix({ metrics: { kind: "victoriametrics", limits: { maxSeries: 1 } } });
        assert.match(own, /maxHourlySeries/);
        assert.deepEqual(fix({ metrics: { replicas: { nobody: 2 } } }), ["write one of these, or remove it"]);
    });

    it("say how a kind is written that stands where its role's map belongs, and repeat no other text", () => {
        assert.deepEqual(fix({ metrics: "thanos" }), ["write metrics: { kind: thanos }, or leave it out"]);
        const [found] = problems({ metrics: "p@ssword" });
        assert.doesNotMatch(JSON.stringify(found), /p@ssword/);
    });

    it("take a number out of its quotes where it is one that may stand there", () => {
        assert.deepEqual(fix({ apiServer: { port: "6443" } }), ["write port: 6443"]);
        assert.deepEqual(fix({ metrics: { limits: { maxSeries: "1e6" } } }), ["write maxSeries: 1000000"]);
        for (const port of ["", "70000", "https"])
            assert.deepEqual(fix({ apiServer: { port } }), ["write, for example, port: 16443"]);
    });

    it("repeat a key with dots in it whole, as YAML takes it", () => {
        const found = fix({ scheduling: { nodeSelector: { "kubernetes.io/hostname": "a b" } } });
        assert.deepEqual(found, ['write, for example, "kubernetes.io/hostname": observability']);
    });

    it("repeat no login before a host, with a scheme or without, whatever is in the password", () => {
        for (const address of ["oci://robot:p@ss@r.example.com/charts", "robot:p@ss@r.example.com"]) {
            const [found] = problems({ imageRegistry: address });
            assert.equal(found?.path, "imageRegistry");
            assert.match(found.given, /\[login\]@r\.example\.com/);
            assert.doesNotMatch(found.given, /ss@|robot/);
        }
    });

    it("repeat no query of a URL, in which tokens stand", () => {
        const url = "https://a.example.com/?token=HUNTER3";
        const found = problems({ k8sMonitoring: { destinations: [{ name: "a", kind: "otlp", url }] } });
        assert.equal(found.length, 1);
        assert.doesNotMatch(JSON.stringify(found.map(({ given }) => given)), /HUNTER3/);
    });

    it("are told of addresses of DNS that no pod could ask", () => {
        const found = (dns: string[], ipFamilies = "ipv4") =>
            problems({ dns: { addresses: dns }, ipFamilies, metrics: { kind: "victoriametrics" } }).map(
                ({ path }) => path,
            );
        assert.deepEqual(found(["10.96.0.10", "169.254.20.10"]), []);
        assert.deepEqual(found(["10.96.0.10", "fd00::10"], "dual"), []);
        assert.deepEqual(found(["10.96.0.10", "fd00::10"]), ["dns.addresses[1]"]);
        assert.deepEqual(found(["10.96.0.10", "fd00::10"], "ipv6"), ["dns.addresses[0]"]);
        assert.deepEqual(found(["127.0.0.53", "::1"], "dual"), ["dns.addresses[0]", "dns.addresses[1]"]);
        assert.deepEqual(found(["fe80::1%eth0"], "dual"), ["dns.addresses[0]"]);
    });

    it("say of what is no credential what it is, where one may stand below, and what a switch was to be", () => {
        const [screens] = problems({ logs: { kind: "opensearch", dashboards: true } });
        assert.deepEqual([screens?.given, screens?.fix], ["true", "write dashboards: { enabled: true }"]);
        assert.deepEqual(fix({ pushgateway: "enabled" }), ["write pushgateway: { enabled: true }, or leave it out"]);
        assert.deepEqual(fix({ metrics: { kind: "victoria" } }), ["write kind: victoriametrics"]);
        assert.deepEqual(fix({ ingestGateway: { clients: "edge" } }), [
            "write, for example, clients: [{ name: edge-eu }]",
        ]);
        const [whole] = problems({ signoz: true });
        assert.deepEqual([whole?.given, whole?.fix], ["a boolean", "write signoz: { enabled: true }, or leave it out"]);
        const oidc = (given: unknown) => problems({ grafana: { oidc: given } }).map((one) => one.given);
        assert.deepEqual([oidc("hunter2"), oidc(12345678), oidc(["a"])], [["a text"], ["a number"], ["a list of 1"]]);
        const [empty] = problems({ alerting: { pagerduty: { routingKey: "" } } });
        assert.equal(empty?.given, "an empty text");
    });

    it("write an entry of a list with a dash, and not by its number", () => {
        const destinations = [{ name: "a", kind: "otlp", url: "https://a.example.com", signals: ["profiles"] }, 7];
        const found = problems({ k8sMonitoring: { destinations } }).map(({ fix }) => fix);
        assert.ok(found.includes("write - traces, logs or metrics"), found.join("\n"));
        assert.doesNotMatch(found.join("\n"), /\[\d\]: /);
    });
});
