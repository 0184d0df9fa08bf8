import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { headerTenancy, TENANT_HEADER } from "../../components/contracts/tenancy";
import { datasources } from "../../components/grafana/datasources";
import { Grafana, type GrafanaArgs } from "../../components/grafana/grafana";
import { grafanaSlice } from "../../components/grafana/settings";
import type { GrafanaValuesArgs } from "../../components/grafana/values-args";
import type { Survives } from "../../components/kubernetes/placement";
import { monitoringNamespaces } from "../../components/monitoring/kube-prometheus-stack/namespaces";
import { grafanaArgs, grafanaDefaults, grafanaValuesOf } from "../fixtures/grafana";
import { platformOf } from "../fixtures/platform";
import { database, logStore, metricsStore, traceStore } from "../fixtures/stores";

describe("Grafana: values", () => {
    it("keeps its state in PostgreSQL where it has it, and else alone on a volume that one pod holds at a time", () => {
        const shared = grafanaValuesOf("node");
        assert.equal(shared.replicas, 2);
        assert.equal(shared.persistence?.enabled, false);
        assert.ok(shared.envValueFrom && "GF_DATABASE_PASSWORD" in shared.envValueFrom);
        const alone = grafanaValuesOf("nothing");
        assert.equal(alone.persistence?.enabled, true);
        assert.equal(alone.deploymentStrategy?.type, "Recreate");
        assert.equal(alone.envValueFrom && "GF_DATABASE_PASSWORD" in alone.envValueFrom, false);
    });

    it("starts new pods when a credential of its environment is rotated", () => {
        const annotation = (rotation: number) =>
            grafanaValuesOf("node", { rotation }).podAnnotations?.["observability-platform/credentials-rotation"];
        assert.notEqual(annotation(1), annotation(2));
    });

    it("sends its cookie over TLS only, and over plain HTTP where there is no TLS", () => {
        const ini = (tls: { from: "none" } | { from: "secret"; secretName: string }) =>
            grafanaValuesOf("node", { access: { kind: "ingress", className: "nginx", namespace: "edge", tls } })[
                "grafana.ini"
            ];
        assert.deepEqual(ini({ from: "none" })?.["security"], { cookie_secure: false });
        assert.deepEqual(ini({ from: "none" })?.["server"], { root_url: "http://grafana.o11y.example.com" });
        assert.deepEqual(ini({ from: "secret", secretName: "wildcard" })?.["security"], { cookie_secure: true });
        assert.deepEqual(grafanaValuesOf("nothing")["grafana.ini"]?.["security"], { cookie_secure: false });
    });

    it("opens by an Ingress with its certificate, or by a route of the Gateway", () => {
        const tls = { from: "issuer", clusterIssuer: "letsencrypt" } as const;
        const { ingress } = grafanaValuesOf("node", {
            access: { kind: "ingress", className: "nginx", namespace: "edge", tls },
        });
        assert.deepEqual(ingress?.tls, [{ secretName: "grafana-tls", hosts: ["grafana.o11y.example.com"] }]);
        assert.equal(ingress.annotations?.["cert-manager.io/cluster-issuer"], "letsencrypt");
        const gateway = { kind: "gateway", name: "public", namespace: "edge" } as const;
        const route = grafanaValuesOf("node", { access: gateway }).route?.main;
        assert.equal(route?.enabled, true);
        assert.deepEqual(route.hostnames, ["grafana.o11y.example.com"]);
        assert.deepEqual(route.parentRefs, [{ name: "public", namespace: "edge" }]);
        const named = { ...gateway, listener: "https" };
        assert.deepEqual(grafanaValuesOf("node", { access: named }).route?.main?.parentRefs, [
            { name: "public", namespace: "edge", sectionName: "https" },
        ]);
    });
});

describe("Grafana: data sources", () => {
    const sourcesOf = (change: Partial<GrafanaValuesArgs> = {}) =>
        datasources({ ...grafanaArgs("node"), ...change }).datasources;
    const source = (uid: string, change: Partial<GrafanaValuesArgs> = {}) => {
        const found = sourcesOf(change).find((each) => each.uid === uid);
        assert.ok(found, uid);
        return found;
    };

    it("are joined by uids that exist, with one default, each store's tenant and literal dollars", () => {
        const sources = sourcesOf();
        const uids = sources.map(({ uid }) => uid);
        assert.deepEqual(uids, ["metrics", "prometheus", "logs", "traces", "alertmanager"]);
        const text = JSON.stringify(sources);
        const joined = [...text.matchAll(/"(?:datasourceUid|alertmanagerUid)":"([^"]+)"/g)].map(([, uid]) => uid);
        assert.deepEqual([...new Set(joined)].sort(), ["alertmanager", "logs", "metrics", "traces"]);
        assert.deepEqual(
            sources.filter((each) => "isDefault" in each && each.isDefault).map(({ uid }) => uid),
            ["metrics"],
            "Grafana refuses two defaults",
        );
        assert.equal(
            sources.filter((each) => "secureJsonData" in each && each.secureJsonData?.httpHeaderValue1 === "team")
                .length,
            3,
        );
        assert.doesNotMatch(text, /(?<!\$)\$(?!\$)/, "a single dollar would be a variable");
    });

    it("are the stores' own: their title, plugin, address and what the plugin is told", () => {
        for (const [uid, { datasource }] of Object.entries({
            metrics: metricsStore,
            logs: logStore,
            traces: traceStore,
        })) {
            const { name, type, url, jsonData } = source(uid);
            assert.deepEqual(
                { name, type, url },
                { name: datasource.title, type: datasource.type, url: datasource.url },
            );
            for (const [key, value] of Object.entries(datasource.jsonData)) {
                assert.equal((jsonData as Record<string, unknown>)[key], value, `${uid} ${key}`);
            }
        }
    });

    it("send what names the tenant, by as many headers as the store wants", () => {
        const tenant = "team";
        const none = { tenant, multitenancy: false, headers: () => ({}) };
        const plain = source("logs", { logStore: { ...logStore, tenancy: none } });
        assert.equal("secureJsonData" in plain, false, "no header, no secret");
        assert.equal(JSON.stringify(plain).includes("httpHeader"), false);
        const two = {
            tenant,
            multitenancy: true,
            headers: (of: string) => ({ AccountID: of, ProjectID: "0" }),
        };
        const { jsonData, secureJsonData } = source("logs", { logStore: { ...logStore, tenancy: two } }) as {
            jsonData: Record<string, unknown>;
            secureJsonData?: object;
        };
        assert.deepEqual([jsonData.httpHeaderName1, jsonData.httpHeaderName2], ["AccountID", "ProjectID"]);
        assert.deepEqual(secureJsonData, { httpHeaderValue1: tenant, httpHeaderValue2: "0" });
        assert.deepEqual(headerTenancy(tenant).headers("shop"), { [TENANT_HEADER]: "shop" });
    });

    it("lead from spans to their metrics only where the store makes any", () => {
        const jsonData = (spanMetrics: boolean) =>
            source("traces", { traceStore: { ...traceStore, spanMetrics } }).jsonData as Record<string, unknown>;
        assert.ok(jsonData(true).tracesToMetrics && jsonData(true).serviceMap);
        assert.equal("tracesToMetrics" in jsonData(false), false);
        assert.equal("serviceMap" in jsonData(false), false);
        assert.ok(jsonData(false).tracesToLogsV2, "logs do not depend on it");
    });

    it("lead from points to traces only where the store keeps exemplars, and write rules only through its API", () => {
        const jsonData = (change: Partial<GrafanaValuesArgs["metricsStore"]>) =>
            source("metrics", { metricsStore: { ...metricsStore, ...change } }).jsonData as Record<string, unknown>;
        assert.ok(jsonData({ exemplars: true }).exemplarTraceIdDestinations);
        assert.equal("exemplarTraceIdDestinations" in jsonData({ exemplars: false }), false);
        assert.equal(jsonData({ rulerApi: true }).manageAlerts, true);
        assert.equal(jsonData({ rulerApi: false }).manageAlerts, false);
    });
});

describe("Grafana: settings", () => {
    const broken = (survives: Survives, replicas: number) =>
        grafanaSlice
            .rules({ ...grafanaDefaults(survives), replicas }, platformOf(survives))
            .map(({ path, allowed }) => `${path}: ${allowed}`);

    it("are right by default in each shape", () => {
        for (const survives of ["nothing", "node", "zone"] as const) {
            assert.deepEqual(broken(survives, grafanaDefaults(survives).replicas), [], survives);
        }
    });

    it("are refused where a loss would be one too many, or where several would share SQLite", () => {
        assert.deepEqual(broken("node", 1), [
            "grafana.replicas: at least 2 with survives: node: nobody sees a dashboard during the incident that took its node",
        ]);
        assert.deepEqual(broken("nothing", 2), ["grafana.replicas: 1 without PostgreSQL: SQLite cannot be shared"]);
    });
});

describe("Grafana: the part of the release that carries its chart", () => {
    const made: { type: string; name: string; inputs: Record<string, unknown> }[] = [];

    before(async () => {
        await pulumi.runtime.setMocks({
            newResource: ({ type, name, inputs, id }) => {
                made.push({ type, name, inputs: inputs as Record<string, unknown> });
                const generated = type.startsWith("random:") ? { result: `generated-${name}` } : {};
                return { id: id ?? name, state: { ...(inputs as object), ...generated } };
            },
            call: ({ inputs }) => inputs as Record<string, unknown>,
        });
    });

    const part = (survives: Survives, change: Partial<GrafanaArgs> = {}) => {
        const { platform, settings, ...args } = grafanaArgs(survives);
        return new Grafana(`grafana-${survives}`, {
            ...args,
            ...{ platform, settings, metricsStore, logStore, traceStore },
            secondMetricsStore: undefined,
            namespace: monitoringNamespaces(platform, {}).monitoring,
            database: survives === "nothing" ? undefined : database,
            ...change,
        });
    };
    const secretsOf = async (of: Grafana) => {
        await Promise.all(of.ready.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
        const secrets = made.filter(({ type }) => type.endsWith(":Secret"));
        made.length = 0;
        return secrets;
    };

    it("is ready with the Secrets that its pods read, whose contents no value has", async () => {
        const grafana = part("node");
        const secrets = await secretsOf(grafana);
        assert.deepEqual(secrets.map(({ name }) => name).sort(), ["grafana-admin", "grafana-db", "grafana-secret-key"]);
        const given = JSON.stringify(secrets);
        for (const text of ["generated-grafana-admin", "generated-grafana-secret-key", "password-of-the-database"]) {
            assert.ok(given.includes(text), text);
            assert.equal(JSON.stringify(grafana.values).includes(text), false, text);
        }
        assert.deepEqual((await secretsOf(part("nothing"))).map(({ name }) => name).sort(), [
            "grafana-admin",
            "grafana-secret-key",
        ]);
    });

    it("says whether the release holds its state, and what must be up before", () => {
        const { monitoring: waited } = monitoringNamespaces(platformOf("node"), {});
        const shared = part("node", { database: { ...database, ready: [waited] } });
        assert.deepEqual([shared.holdsData, part("nothing").holdsData], [false, true]);
        assert.deepEqual(shared.after, [waited]);
        assert.deepEqual(part("nothing").after, []);
    });

    it("names its flows: in from the access alone, out to what it reads", () => {
        const peers = ({ egress }: Grafana) =>
            Object.fromEntries(egress.map(({ name, peer, ports }) => [name, [peer, ports]]));
        assert.deepEqual(peers(part("node")), {
            "grafana-to-metrics-store": [{ namespace: "metrics-store" }, [8080]],
            "grafana-to-log-store": [{ namespace: "log-store" }, [8080]],
            "grafana-to-trace-store": [{ namespace: "trace-store" }, [3200]],
            "grafana-to-database": [{ namespace: "database" }, [5432]],
        });
        assert.equal("grafana-to-database" in peers(part("nothing")), false);
        assert.deepEqual(part("node").ingress, [], "nobody comes in by an address that does not exist");
        const access = { kind: "ingress", className: "nginx", namespace: "edge", tls: { from: "none" } } as const;
        const [door, ...more] = part("node", { platform: platformOf("node", { access }) }).ingress;
        assert.deepEqual(more, []);
        assert.deepEqual([door?.name, door?.peer, door?.ports], ["to-grafana", { namespace: "edge" }, [3000]]);
        assert.equal(door?.pods?.["app.kubernetes.io/name"], "grafana");
    });
});
