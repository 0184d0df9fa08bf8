import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { blackboxExporterChart } from "../../../components/collectors/blackbox-exporter/chart";
import { moduleKeys } from "../../../components/collectors/blackbox-exporter/module-keys";
import { MODULES } from "../../../components/collectors/blackbox-exporter/modules";
import { LABELS, PROBER } from "../../../components/collectors/blackbox-exporter/names";
import { buildBlackboxExporterValues } from "../../../components/collectors/blackbox-exporter/values";
import { parseSettings, type Settings } from "../../../components/platform/settings";
import type { Headers } from "../../../components/contracts/tenancy";
import { at, record, records } from "../../../tools/records";
import { policiesOf } from "../../fixtures/flows";
import { planned } from "../../fixtures/planned";

function settings(change: object = {}): Settings {
    const result = parseSettings({ cluster: "c", domain: "a.example.com", survives: "zone", ...change });
    assert.ok("settings" in result, JSON.stringify(result));
    return result.settings;
}

function problems(blackboxExporter: object, more: object = {}): string[] {
    const result = parseSettings({
        cluster: "c",
        domain: "a.example.com",
        survives: "zone",
        blackboxExporter,
        ...more,
    });
    return "problems" in result ? result.problems.map(({ path }) => path) : [];
}

describe("blackbox exporter", () => {
    it("refuses probes that could never succeed: unknown modules, addresses of the wrong kind, a name taken", () => {
        const web = { name: "web", url: "https://example.com", module: "http_2xx" };
        const db = { name: "db", url: "db.example.com:5432", module: "tcp_connect" };
        assert.deepEqual(problems({ probes: [web, db] }), []);
        assert.deepEqual(problems({ probes: [{ ...web, module: "http2xx" }] }), ["blackboxExporter.probes[0].module"]);
        assert.deepEqual(problems({ probes: [db, { ...web, url: "example.com" }] }), [
            "blackboxExporter.probes[1].url",
        ]);
        assert.deepEqual(problems({ probes: [{ ...db, url: "tcp://db:5432" }] }), ["blackboxExporter.probes[0].url"]);
        assert.deepEqual(problems({ probes: [web, { ...db, name: "web" }] }), ["blackboxExporter.probes[1].name"]);
        const own = { modules: { web401: { prober: "http", http: { valid_status_codes: [401] } } } };
        assert.deepEqual(problems({ ...own, probes: [{ ...web, module: "web401" }] }), []);
        assert.deepEqual(problems({ interval: "5m" }), ["blackboxExporter.interval"]);
        assert.deepEqual(problems({ probeGrafanaIngress: true }), ["blackboxExporter.probeGrafanaIngress"]);
    });

    it("refuses modules that the exporter would not start with, or that hold a credential", () => {
        const found = (http: object, more: object = {}) =>
            problems({ modules: { own: { prober: "http", http, ...more } } }).map((path) =>
                path.replace("blackboxExporter.modules.own.", ""),
            );
        assert.deepEqual(found({ valid_status_code: [401] }), ["http.valid_status_code"]);
        assert.deepEqual(found({}, { timeout: "1d" }), ["timeout"]);
        assert.deepEqual(found({}, { htpp: {} }), ["htpp"]);
        assert.deepEqual(found({ basic_auth: { username: "a", password: "b" } }), ["http.basic_auth"]);
        assert.deepEqual(found({ headers: { "X-API-Key": "a", Accept: "b" } }), ["http.headers.X-API-Key"]);
        assert.deepEqual(found({ tls_config: { key: "a" } }), ["http.tls_config.key"]);
        assert.deepEqual(found({ fail_if_header_matches: [{ header: "a", regexp: "b" }] }, { timeout: "4s" }), []);
        const { version } = moduleKeys;
        assert.equal(`v${version}`, blackboxExporterChart.appVersion, "the keys are those of another version");
    });

    it("asks stores as they want to be asked, since they refuse a question without the tenant", async () => {
        const { platform, blackboxExporter } = settings();
        const modulesWith = (storeHeaders: Headers) => {
            const { config } = buildBlackboxExporterValues({ platform, settings: blackboxExporter, storeHeaders });
            return record(record(config).modules);
        };
        const modules = modulesWith({ Project: "acme" });
        assert.deepEqual(record(record(modules.store_query).http).headers, { Project: "acme" });
        assert.equal("headers" in record(record(modulesWith({}).store_query).http), false);
        const { resources } = await planned("prod");
        const release = resources.find(({ name, custom }) => custom && name === "blackbox-exporter");
        const headers = at(release?.inputs, "values.config.modules.store_query.http.headers");
        assert.deepEqual(headers, { "X-Scope-OrgID": "prod" }, "what the stores of prod say");
        assert.deepEqual(Object.keys(modules).sort(), [...Object.keys(MODULES), "store_query"].sort());
    });

    for (const stack of ["dev", "prod"]) {
        it(`has a Probe for each of the platform's addresses in ${stack}, by the exporter's own address`, async () => {
            const { resources } = await planned(stack);
            // MinIO's own is no business of the exporter's.
            const probes = resources.filter(
                ({ type, name }) => type === "kubernetes:monitoring.coreos.com/v1:Probe" && !name.startsWith("minio"),
            );
            const targets = new Map(
                probes.map(({ inputs }) => {
                    const spec = record(inputs.spec);
                    assert.equal(record(spec.prober).url, PROBER);
                    const { static: urls, labels } = record(record(spec.targets).staticConfig);
                    return [record(labels).probe, [spec.module, ...(urls as string[])]];
                }),
            );
            const cluster = "svc.cluster.local";
            const trace = stack === "dev" ? `tempo.tempo.${cluster}` : `tempo-query-frontend.tempo.${cluster}`;
            assert.deepEqual(Object.fromEntries(targets), {
                "object-store": ["http_2xx", `http://minio.minio.${cluster}:9000/minio/health/cluster`],
                "metrics-store": [
                    "store_query",
                    `http://cortex-query.cortex.${cluster}/prometheus/api/v1/query?query=vector(1)`,
                ],
                "log-store": ["store_query", `http://loki-query.loki.${cluster}/loki/api/v1/query?query=vector(1)`],
                "trace-store": ["store_query", `http://${trace}:3200/api/echo`],
                grafana: ["http_2xx", `http://grafana.monitoring.${cluster}/api/health`],
                prometheus: ["http_2xx", `http://kps-prometheus.monitoring.${cluster}:9090/-/ready`],
                alertmanager: ["http_2xx", `http://kps-alertmanager.monitoring.${cluster}:9093/-/ready`],
                collectors: ["http_2xx", `http://otel-collector.collectors.${cluster}:12345/-/ready`],
            });
        });
    }

    it("may send its probes out of a namespace that denies what is not named, and does not deny it twice", async () => {
        const { resources } = await planned("prod");
        const policies = policiesOf(resources, "monitoring");
        const names = policies.map(({ inputs }) => record(inputs.metadata).name);
        assert.equal(new Set(names).size, names.length, "two policies of one name");
        const ours = policies.filter(({ inputs }) => {
            const { matchLabels } = record(record(inputs.spec).podSelector);
            return isDeepStrictEqual(matchLabels, LABELS);
        });
        const to = ours.flatMap(({ inputs }) =>
            records(record(inputs.spec).egress).flatMap((rule) => records(rule.to)),
        );
        assert.deepEqual(to, [
            { namespaceSelector: {} },
            { ipBlock: { cidr: "0.0.0.0/0" } },
            { ipBlock: { cidr: "::/0" } },
        ]);
    });
});
