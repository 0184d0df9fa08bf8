import assert from "node:assert/strict";
import { headerTenancy, severalByHeader, type Tenancy } from "../../components/contracts/tenancy";
import { cortexConfig, runtimeConfig } from "../../components/metrics/cortex/config";
import { cortexDefaults } from "../../components/metrics/cortex/settings";
import { datasources } from "../../components/grafana/datasources";
import { lokiConfig } from "../../components/logs/loki/config";
import { lokiDefaults } from "../../components/logs/loki/settings";
import { parseSettings } from "../../components/platform/settings";
import { tempoDefaults } from "../../components/traces/tempo/settings";
import { buildTempoValues } from "../../components/traces/tempo/values";
import { buildSingleValues } from "../../components/traces/tempo/single-values";
import { at } from "../../tools/records";
import { grafanaArgs } from "../fixtures/grafana";
import { platformOf } from "../fixtures/platform";
import { logStore, metricsStore, objectStore, traceStore } from "../fixtures/stores";

const given = { cluster: "prod", domain: "o11y.example.com", survives: "node" };

function problems(more: object): string[] {
    const result = parseSettings({ ...given, ...more });
    return "problems" in result ? result.problems.map(({ path }) => path) : [];
}

describe("tenants: settings", () => {
    const multitenant = { traces: { multitenancy: true } };

    it("are none, and Tempo has one, unless it is asked for", () => {
        const result = parseSettings(given);
        assert.ok("settings" in result);
        assert.deepEqual(result.settings.tenants, {});
        const { traces } = result.settings;
        assert.ok(traces.kind === "tempo");
        assert.equal(traces.multitenancy, false);
    });

    it("take a tenant's limits by the names that the stores' own have", () => {
        const shop = {
            metrics: { maxSeries: 500_000, ingestionRate: 20_000, retention: "90d" },
            logs: { ingestionRateMb: 4, maxStreams: 1000, retention: "10d" },
            traces: { ingestRate: "5Mi", retention: "72h" },
        };
        assert.deepEqual(problems({ ...multitenant, tenants: { shop, blog: {} } }), []);
    });

    it("refuse a name that no data source could have, and names that are taken", () => {
        const name = (tenant: string) => problems({ tenants: { [tenant]: {} } });
        assert.deepEqual(name("a|b"), ["tenants.a|b"]);
        assert.deepEqual(name("a".repeat(31)), [`tenants.${"a".repeat(31)}`]);
        assert.deepEqual(name("prod"), ["tenants.prod"], "the platform's own");
        assert.deepEqual(name("self-monitoring"), ["tenants.self-monitoring"], "that of Loki's canary");
    });

    it("refuse a misspelt or impossible limit where it stands", () => {
        const of = (shop: object) => problems({ ...multitenant, tenants: { shop } });
        assert.deepEqual(of({ metrics: { maxSerie: 1 } }), ["tenants.shop.metrics.maxSerie"]);
        assert.deepEqual(of({ logs: { maxStreams: 0 } }), ["tenants.shop.logs.maxStreams"]);
        assert.deepEqual(of({ metrics: { ingestionRate: 300_000 } }), ["tenants.shop.metrics.ingestionBurst"]);
        assert.deepEqual(of({ metrics: { retention: "12h" } }), ["tenants.shop.metrics.retention"]);
        assert.deepEqual(of({ logs: { ingestionRateMb: 64 } }), ["tenants.shop.logs.ingestionBurstMb"]);
        assert.deepEqual(of({ logs: { retention: "36h" } }), ["tenants.shop.logs.retention"]);
        assert.deepEqual(of({ traces: { traceSize: "64Mi" } }), ["tenants.shop.traces.ingestBurst"]);
        assert.deepEqual(of({ traces: { retention: "30m" } }), ["tenants.shop.traces.retention"]);
    });

    it("refuse limits of traces where Tempo has one tenant: they would hold for nobody", () => {
        assert.deepEqual(problems({ tenants: { shop: { traces: { ingestRate: "5Mi" } } } }), ["tenants.shop.traces"]);
    });

    it("refuse a namespace that is two tenants' or the platform's own, and a tenant that no destination can be called by", () => {
        const of = (tenants: object, more: object = {}) => problems({ ...multitenant, ...more, tenants });
        const [shop, pay] = [{ namespaces: ["shop", "shop-staging"] }, { namespaces: ["pay"] }];
        assert.deepEqual(of({ shop, pay }), []);
        assert.deepEqual(of({ shop, pay: { namespaces: ["pay", "shop"] } }), ["tenants.shop.namespaces[0]"]);
        assert.deepEqual(of({ shop: { namespaces: ["shop", "loki"] } }), ["tenants.shop.namespaces[1]"]);
        assert.deepEqual(of({ shop: { namespaces: ["Shop", "a|b"] } }), [
            "tenants.shop.namespaces[0]",
            "tenants.shop.namespaces[1]",
        ]);
        assert.deepEqual(of({ Shop: shop, shop_2: pay }), ["tenants.Shop", "tenants.shop_2"]);
        assert.deepEqual(of({ Shop: {}, shop }), [], "the same name otherwise written");
    });

    it("refuse namespaces where samplers, which are one tenant's, stand before the trace store", () => {
        const k8sMonitoring = { tailSampling: { enabled: true } };
        const tenants = { shop: { namespaces: ["shop"] } };
        assert.deepEqual(problems({ ...multitenant, k8sMonitoring, tenants }), ["tenants.shop.namespaces"]);
    });

    it("refuse more tenants with namespaces than a receiver has queues for", () => {
        const many = (count: number) =>
            Object.fromEntries(Array.from({ length: count }, (_, i) => [`team-${i}`, { namespaces: [`team-${i}`] }]));
        assert.deepEqual(problems({ ...multitenant, tenants: many(20) }), []);
        assert.deepEqual(problems({ ...multitenant, tenants: many(21) }), ["tenants"]);
    });

    it("refuse a client outside whose tenant is in no list: it is misspelt, or would have no data source", () => {
        const tls = { from: "secret", secretName: "wildcard" };
        const access = { kind: "ingress", className: "nginx", namespace: "edge", tls };
        const clients = [{ name: "edge" }, { name: "shop", tenant: "shop" }];
        const ingestGateway = { enabled: true, clients };
        assert.deepEqual(problems({ access, ingestGateway }), ["ingestGateway.clients[1].tenant"]);
        assert.deepEqual(problems({ access, ingestGateway, tenants: { shop: {} } }), []);
    });
});

const platform = platformOf("node");

describe("tenants: Cortex", () => {
    const args = {
        platform,
        settings: cortexDefaults("node"),
        tenants: { shop: { maxSeries: 500_000, outOfOrder: "1h", retention: "90d" }, blog: {} },
        objectStore,
        access: { rotation: 1, accountAnnotations: {} },
        alertReceiver: { srvUrl: "http://alerts" },
    };

    it("are read again while it runs, each with what it has of its own and no more", () => {
        assert.deepEqual(runtimeConfig(args), {
            overrides: {
                shop: {
                    max_global_series_per_user: 500_000,
                    out_of_order_time_window: "1h",
                    // Follows from how late a sample may be.
                    max_cache_freshness: "60m",
                    compactor_blocks_retention_period: "90d",
                },
                blog: {},
            },
        });
    });

    it("elect among their own replicas: what the election goes by is common to all", () => {
        const common = at(cortexConfig(args), "limits");
        assert.equal(at(common, "accept_ha_samples"), true);
        for (const own of Object.values(at(runtimeConfig(args), "overrides") as Record<string, object>)) {
            assert.deepEqual(
                Object.keys(own).filter((key) => key.includes("ha_")),
                [],
            );
        }
    });
});

describe("tenants: Loki", () => {
    it("are read again while it runs, beside the canary's", () => {
        const config = lokiConfig({
            platform,
            settings: lokiDefaults("node"),
            tenants: { shop: { ingestionRateMb: 4, retention: "10d" }, blog: {} },
            objectStore,
            access: { rotation: 1, accountAnnotations: {} },
            alertmanagerUrl: "http://alerts",
            metricsPushUrl: "http://metrics",
        });
        assert.deepEqual(config.runtimeConfig, {
            overrides: {
                shop: { ingestion_rate_mb: 4, max_query_length: "241h", retention_period: "240h" },
                blog: {},
                "self-monitoring": { retention_period: "24h" },
            },
        });
    });
});

describe("tenants: Tempo", () => {
    const args = (survives: "nothing" | "node", multitenancy: boolean) => ({
        platform: platformOf(survives),
        settings: { ...tempoDefaults(survives), multitenancy },
        tenants: { shop: { ingestRate: "5Mi", retention: "72h" }, blog: {} },
        objectStore,
        metricsStore,
        access: { rotation: 1, accountAnnotations: {} },
    });
    const shapes = [
        { values: (on: boolean) => buildTempoValues(args("node", on)), of: (key: string) => key },
        {
            values: (on: boolean) => buildSingleValues(args("nothing", on)),
            of: (key: string) => `tempo.${key}`,
        },
    ];

    it("are named by who sends spans and by nobody else, where they are kept apart", () => {
        for (const { values, of } of shapes) {
            assert.equal(at(values(true), of("multitenancyEnabled")), true);
            assert.equal(at(values(false), of("multitenancyEnabled")), false);
            assert.equal(at(values(false), of("per_tenant_overrides")), undefined);
            const [on, off] = [true, false].map((each) => JSON.stringify(at(values(each), of("metricsGenerator"))));
            assert.doesNotMatch(on ?? "", /X-Scope-OrgID/, "a tenant written out would get the metrics of all");
            assert.match(off ?? "", /"X-Scope-OrgID":"team"/);
        }
    });

    it("have all their limits written out: one that is named has none of the defaults", () => {
        for (const { values, of } of shapes) {
            const made = values(true);
            const common = at(made, of("overrides.defaults"));
            const shop = at(made, of("per_tenant_overrides.shop"));
            assert.deepEqual(at(made, of("per_tenant_overrides.blog")), common);
            assert.deepEqual(at(shop, "metrics_generator"), at(common, "metrics_generator"));
            assert.equal(at(shop, "ingestion.rate_limit_bytes"), 5 * 1024 ** 2);
            assert.equal(at(shop, "ingestion.max_traces_per_user"), at(common, "ingestion.max_traces_per_user"));
            assert.deepEqual(at(shop, "compaction"), { block_retention: "72h" });
        }
    });
});

describe("tenants: Grafana", () => {
    const withTenant = (multitenancy: boolean) =>
        datasources({
            ...grafanaArgs("node"),
            tenants: ["shop"],
            traceStore: { ...traceStore, tenancy: headerTenancy("team", multitenancy) },
        }).datasources;
    const ofShop = (multitenancy: boolean) =>
        withTenant(multitenancy).filter(
            (each) => "secureJsonData" in each && each.secureJsonData?.httpHeaderValue1 === "shop",
        );

    it("shows a further tenant by data sources that send its name, beside the one default", () => {
        const sources = withTenant(false);
        assert.deepEqual(
            ofShop(false).map(({ uid, type, url }) => ({ uid, type, url })),
            [
                { uid: "metrics-shop", type: "prometheus", url: metricsStore.read.url },
                { uid: "logs-shop", type: "loki", url: logStore.read.url },
            ],
        );
        assert.equal(sources.filter((each) => "isDefault" in each && each.isDefault).length, 1);
        assert.equal(new Set(sources.map(({ uid }) => uid)).size, sources.length);
    });

    it("joins a tenant's data sources with each other, its traces too where Tempo keeps tenants apart", () => {
        const joinsOf = (multitenancy: boolean) =>
            ofShop(multitenancy).map(({ uid, jsonData }) => [
                uid,
                [...new Set([...JSON.stringify(jsonData).matchAll(/"datasourceUid":"([^"]+)"/g)].map(([, to]) => to))],
            ]);
        assert.deepEqual(joinsOf(false), [
            ["metrics-shop", ["traces"]],
            ["logs-shop", ["traces"]],
        ]);
        assert.deepEqual(joinsOf(true), [
            ["metrics-shop", ["traces-shop"]],
            ["logs-shop", ["traces-shop"]],
            ["traces-shop", ["logs-shop", "metrics-shop"]],
        ]);
    });

    it("shows all tenants together where a store answers for several, and writes no rules there", () => {
        const several = <S extends { readonly tenancy: Tenancy }>(store: S) => ({
            ...store,
            tenancy: severalByHeader(store.tenancy),
        });
        const all = (tenants: string[]) => {
            const args = { ...grafanaArgs("zone"), tenants, metricsStore: several(metricsStore), logStore };
            return datasources(args).datasources.filter(({ uid }) => uid.startsWith("all-tenants-"));
        };
        assert.deepEqual(all([]), []);
        const [source, ...others] = all(["shop", "blog"]);
        assert.deepEqual(others, [], "the log store answers for one at a time");
        assert.ok(source && "secureJsonData" in source);
        assert.equal(source.secureJsonData?.httpHeaderValue1, "team|shop|blog");
        assert.match(JSON.stringify(source.jsonData), /"manageAlerts":false/);
        assert.ok(!("isDefault" in source && source.isDefault));
    });

    it("may be asked for together as soon as there is one", () => {
        const args = { platform, objectStore, access: { rotation: 1, accountAnnotations: {} } };
        const cortex = (tenants: Record<string, object>) =>
            cortexConfig({
                ...args,
                settings: cortexDefaults("node"),
                tenants,
                alertReceiver: { srvUrl: "http://alerts" },
            });
        const loki = (tenants: Record<string, object>) =>
            lokiConfig({
                ...{ ...args, settings: lokiDefaults("node"), tenants },
                ...{ alertmanagerUrl: "http://alerts", metricsPushUrl: "http://metrics" },
            });
        assert.deepEqual([at(cortex({}), "tenant_federation"), at(loki({}), "querier")], [undefined, undefined]);
        assert.equal(at(cortex({ shop: {} }), "tenant_federation.enabled"), true);
        assert.equal(at(loki({ shop: {} }), "querier.multi_tenant_queries_enabled"), true);
    });
});
