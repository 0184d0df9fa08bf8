import assert from "node:assert/strict";
import { collecting } from "../../components/platform/collecting";
import { parseSettings } from "../../components/platform/settings";
import { networkPolicySpecs } from "../../components/kubernetes/network-policies";
import { signozNetwork } from "../../components/signoz/network-policies";
import { buildSignozValues } from "../../components/signoz/values";
import { at, record, records } from "../../tools/records";

const clickhouse = {
    host: "clickhouse-signoz.clickhouse.svc.cluster.local",
    cluster: "signoz",
    user: "signoz",
    password: "Password-of-the-test",
};
const access = {
    kind: "ingress",
    className: "nginx",
    namespace: "ingress-nginx",
    tls: { from: "issuer", clusterIssuer: "letsencrypt" },
};

function parsed(raw: Record<string, unknown>) {
    return parseSettings({ cluster: "blue", domain: "o11y.example.com", survives: "zone", ...raw });
}

function problems(signoz: object, more: Record<string, unknown> = {}): string[] {
    const result = parsed({ ...more, signoz: { enabled: true, ...signoz } });
    return "problems" in result ? result.problems.map(({ path }) => path) : [];
}

function settings(raw: Record<string, unknown> = {}) {
    const result = parsed({ signoz: { enabled: true, clickhouse }, ...raw });
    assert.ok("settings" in result, JSON.stringify(result));
    return result.settings;
}

function values(raw: Record<string, unknown> = {}) {
    const { platform, signoz } = settings(raw);
    return buildSignozValues({ platform, settings: signoz, clickhouse });
}

describe("signoz", () => {
    it("wants a ClickHouse in the cluster, and says what is wrong with one", () => {
        assert.deepEqual(problems({}), ["signoz.clickhouse"]);
        assert.deepEqual(problems({ clickhouse }), []);
        const outside = { ...clickhouse, host: "clickhouse.example.com" };
        assert.deepEqual(
            problems({ clickhouse: outside }),
            ["signoz.clickhouse.host"],
            "its password would go in the clear",
        );
        // It would end the address that it stands in.
        const password = "pass@word/of?the#test";
        assert.deepEqual(problems({ clickhouse: { ...clickhouse, password } }), ["signoz.clickhouse.password"]);
        assert.deepEqual(problems({ clickhouse, replicas: { collector: 1 } }), ["signoz.replicas.collector"]);
    });

    it("takes no store of the chart's, whose password stands in values", () => {
        for (const key of ["clickhouse", "externalClickhouse", "postgresql"]) {
            const found = problems({ clickhouse, values: { [key]: { enabled: true } } });
            assert.ok(found.includes(`signoz.values.${key}`), found.join());
        }
        const text = JSON.stringify(values());
        assert.ok(!text.includes(clickhouse.password));
        assert.equal(at(values(), "clickhouse.enabled"), false);
    });

    it("gets its copy by a destination of its own, beside those of the user", () => {
        const mine = { name: "vendor", kind: "otlp", url: "https://otlp.example.com" };
        const { destinations } = collecting(settings({ k8sMonitoring: { destinations: [mine] } }));
        assert.deepEqual(
            destinations.map(({ name }) => name),
            ["vendor", "signoz"],
        );
        const { url } = record(destinations[1]);
        const { hostname, port } = new URL(String(url));
        const policies = networkPolicySpecs(signozNetwork(settings().platform, clickhouse));
        const way = record(records(policies["from-collectors"]?.ingress)[0]);
        assert.ok(
            records(way.ports).some((each) => each.port === Number(port)),
            `${hostname}:${port} is let in`,
        );
        assert.deepEqual(collecting(settings({ signoz: {} })).destinations, []);
    });

    it("refuses what its destination does not leave room for, and its name", () => {
        const path = "k8sMonitoring.destinations";
        const own = { name: "signoz", kind: "otlp", url: "https://otlp.example.com" };
        assert.deepEqual(problems({ clickhouse }, { k8sMonitoring: { destinations: [own] } }), [`${path}[0].name`]);
        // 20 % of 20Gi are 4 GiB: three signals of 1 GiB fit, and 512 MiB of each of SigNoz' three do not beside them.
        const large = { ...own, name: "vendor", queue: "1Gi" };
        assert.deepEqual(problems({ clickhouse }, { k8sMonitoring: { destinations: [large] } }), [path]);
        assert.deepEqual(problems({ enabled: false }, { k8sMonitoring: { destinations: [large] } }), []);
    });

    it("lets out to ClickHouse's namespace alone, and in people by the way that they come", () => {
        const of = (raw: Record<string, unknown>) =>
            networkPolicySpecs(signozNetwork(settings(raw).platform, { ...clickhouse, port: 9440 }));
        const specs = of({});
        assert.deepEqual(specs["to-clickhouse"]?.egress, [
            {
                to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "clickhouse" } } }],
                ports: [{ port: 9440, protocol: "TCP" }],
            },
        ]);
        assert.equal(specs["from-outside"], undefined);
        assert.deepEqual(records(at(of({ access })["from-outside"], "ingress")).length, 1);
    });

    it("has its first user from a Secret, and sends nothing to its vendor", () => {
        const env = record(at(values(), "signoz.env"));
        assert.deepEqual(env.signoz_user_root_password, {
            valueFrom: { secretKeyRef: { name: "signoz-login", key: "password" } },
        });
        assert.equal(env.signoz_user_root_email, "signoz@o11y.example.com");
        for (const key of ["signoz_analytics_enabled", "signoz_statsreporter_enabled"]) assert.equal(env[key], false);
    });

    it("survives a node but for its screens, which are one pod with a volume", () => {
        for (const survives of ["node", "zone"]) {
            const made = values({ survives });
            assert.equal(at(made, "otelCollector.replicaCount"), 2);
            assert.ok(at(made, "otelCollector.affinity.podAntiAffinity"));
            assert.equal(at(made, "signoz.replicaCount"), 1);
            assert.equal(at(made, "signoz.persistence.enabled"), true);
            assert.equal(at(made, "telemetryStoreMigrator.enableReplication"), true);
        }
        assert.equal(at(values({ survives: "nothing" }), "telemetryStoreMigrator.enableReplication"), false);
    });
});
