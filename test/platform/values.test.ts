import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { mergeValues } from "../../components/kubernetes/merge-values";
import { SECOND, secondMetricsKinds } from "../../components/metrics/second";
import { ROLES, type Role } from "../../components/platform/roles";
import { parseSettings } from "../../components/platform/settings";
import { valuesRules, type ChartKeys } from "../../components/settings/chart-keys";
import { pathOf, type SettingsProblem } from "../../components/settings/problem";
import { TYPED_CHARTS } from "../../tools/charts";
import { keysFile, keysName } from "../../tools/chart-types/keys";
import type { RoleKind } from "../../components/settings/slice";
import { settingEntries } from "../../tools/settings-reference/entries";
import { record } from "../../tools/records";
import { leastOf } from "../fixtures/kinds";
import { planned, releasesOf, root } from "../fixtures/planned";

const load = createRequire(__filename);

const SHAPES = ["nothing", "zone"] as const;

function problems(survives: string, change: object): SettingsProblem[] {
    const result = parseSettings({ cluster: "c", domain: "o.example.com", survives, ...change });
    return "problems" in result ? result.problems : [];
}

/** A map with a value at a dotted path. */
function nested(path: string, value: unknown): Record<string, unknown> {
    return record(path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value));
}

/** Settings of one key, in the first kind of its role that has it. */
function ofItsKind(path: string, settings: Record<string, unknown>): Record<string, unknown> {
    const [role = "", key = ""] = path.split(".");
    const kinds: readonly RoleKind[] =
        role === SECOND ? secondMetricsKinds : Object.hasOwn(ROLES, role) ? ROLES[role as Role] : [];
    // A second store is another than the first.
    const may = ({ kind }: RoleKind) => role !== SECOND || kind !== ROLES.metrics[0].kind;
    const kind = kinds.find((each) => may(each) && Object.hasOwn(each.schema.shape, key));
    if (kind === undefined || kind === kinds[0]) return settings;
    return { [role]: { ...leastOf(kind.kind), ...record(settings[role]) } };
}

/** Slips of a key, and what they were meant for. */
const SLIPS: [slip: string, meant: string][] = [
    ["logs.values.ingestr.replicas", "ingester"],
    ["logs.values.limits_confg.reject_old_samples", "remove it"],
    ["logs.values.loki.limits_confg.reject_old_samples", "limits_config"],
    ["logs.values.loki.limits_config.max_query_serie", "max_query_series"],
    ["logs.values.loki.structuredConfig.querier.max_concurent", "max_concurrent"],
    ["metrics.values.config.limits.max_sereis_per_user", "max_series_per_user"],
    ["metrics.values.ingester.nodeSelectr.a", "nodeSelector"],
    ["kubePrometheusStack.values.grafana.persistance.enabled", "persistence"],
    ["kubePrometheusStack.values.alertmanager.config.rout.receiver", "route"],
    ["k8sMonitoring.values.clusterMetric.enabled", "clusterMetrics"],
    ["objectStore.values.persistense.size", "persistence"],
    ["database.values.monitorng.podMonitorEnabled", "monitoring"],
    ["database.pluginValues.replicaCont", "replicaCount"],
    ["blackboxExporter.values.replica", "replicas"],
    ["pushgateway.values.extraArg", "extraArgs"],
    ["traces.values.tempo.structuredConfig.storag.trace", "storage"],
];

/** What gives values a use, of a chart that is off by itself. */
const SWITCHES: Readonly<Record<string, Record<string, unknown>>> = {
    "pushgateway.values": { pushgateway: { enabled: true } },
    "signoz.values": {
        signoz: {
            enabled: true,
            clickhouse: { host: "a.b.svc.cluster.local", cluster: "c", user: "u", password: "of-the-test" },
        },
    },
    "metrics.operatorValues": { metrics: { objects: true } },
    "secondMetrics.operatorValues": { secondMetrics: { objects: true } },
    "logs.dashboardsValues": { logs: { dashboards: { enabled: true } } },
};

function switchedOn(path: string, raw: Record<string, unknown>): Record<string, unknown> {
    const on = Object.entries(SWITCHES).find(([place]) => path.startsWith(place));
    return on === undefined ? raw : mergeValues(raw, on[1]);
}

describe("chart values that a user gives", () => {
    for (const [slip, meant] of SLIPS) {
        it(`are refused where no chart or program reads them: ${slip}`, () => {
            const found = problems("zone", switchedOn(slip, nested(slip, 1)));
            const [one] = found;
            assert.equal(found.length, 1, JSON.stringify(found));
            assert.ok(slip.startsWith(one?.path ?? "-"), one?.path);
            const fix = meant === "remove it" ? meant : `write ${meant}, or remove it`;
            assert.equal(one?.fix, fix);
            assert.match(one.given, /^a key that .+ does not read$/);
            assert.match(one.allowed, /^(the keys |a key that .+ reads)/);
        });
    }

    it("are refused where the chart has keys and no map is given; a text may be a template", () => {
        const given = { logs: { values: { gateway: 5, ingester: "{{ .Values.x }}" } }, tenants: {} };
        const more = { kubePrometheusStack: { values: { prometheus: [], grafana: null } } };
        const found = problems("zone", { ...given, ...more });
        assert.deepEqual(
            found.map(({ path, given, allowed }) => [path, given, allowed.split(",")[0]]),
            [
                ["logs.values.gateway", "5", "a map"],
                ["kubePrometheusStack.values.prometheus", "[]", "a map"],
            ],
        );
    });

    it("are looked at in every slice and shape, and told beside what else is wrong", () => {
        const places = settingEntries().filter(({ path }) => /\.(\w+V|v)alues$/.test(path));
        assert.ok(places.length >= 9, String(places.length));
        for (const { path } of places) {
            for (const survives of SHAPES) {
                if (survives === "nothing" && path.startsWith("database.")) continue;
                const found = problems(survives, {
                    ...switchedOn(path, ofItsKind(path, nested(path, { noChartReadsThis: 1 }))),
                    tenants: "x",
                });
                assert.deepEqual(found.map((one) => one.path).sort(), [`${path}.noChartReadsThis`, "tenants"].sort());
            }
        }
    });

    it("may have any key where the chart hands a map on whole, and null for what is to go", () => {
        for (const right of [
            { logs: { values: { ingester: { podAnnotations: { "a.b/c": "d" }, nodeSelector: { disk: "ssd" } } } } },
            {
                logs: {
                    values: { loki: { limits_config: { max_query_series: 1000 }, runtimeConfig: { overrides: {} } } },
                },
            },
            {
                metrics: {
                    values: { config: { limits: { max_query_lookback: "30d" } }, ingester: { affinity: null } },
                },
            },
            { kubePrometheusStack: { values: { grafana: { "grafana.ini": { users: { default_theme: "light" } } } } } },
            { traces: { values: { traces: null } } },
        ]) {
            assert.deepEqual(problems("zone", right), [], JSON.stringify(right));
        }
    });

    it("of a configuration are of the type that the program reads", () => {
        const [found] = problems("zone", { metrics: { values: { config: { limits: { max_query_length: "1.5d" } } } } });
        assert.equal(found?.path, "metrics.values.config.limits.max_query_length");
        const [go] = problems("zone", { logs: { values: { loki: { querier: { tail_max_duration: "1d" } } } } });
        assert.deepEqual(
            { ...go },
            {
                path: "logs.values.loki.querier.tail_max_duration",
                given: '"1d"',
                allowed: "a duration such as 90s or 12h, without days",
                fix: "write tail_max_duration: <a duration such as 90s or 12h, without days>",
            },
        );
    });

    it("of a configuration are told by a path that the CLI takes, whatever the key", () => {
        for (const key of ["constructor", "__proto__", "a.b", "", "max series"]) {
            const limits = Object.fromEntries([[key, 1]]);
            const [one, ...more] = problems("zone", { metrics: { values: { config: { limits } } } });
            assert.deepEqual(more, []);
            assert.equal(one?.path, pathOf("metrics.values.config.limits", [key]));
        }
    });
});

describe("the keys of charts' values", () => {
    // Without charts: `npm run chart-types -- --check` compares with these.
    it("are those of the types", () => {
        for (const { output } of TYPED_CHARTS) {
            const types = readFileSync(join(root, output), "utf8");
            const settings = relative(dirname(output), "components/settings");
            assert.equal(readFileSync(join(root, keysName(output)), "utf8"), keysFile(types, settings), output);
        }
    });

    it("have all that the program writes itself", async () => {
        const tables = new Map(TYPED_CHARTS.map(({ pin, output }) => [pin.name, join(root, keysName(output))]));
        for (const stack of ["dev", "prod"] as const) {
            let asked = 0;
            for (const { name, inputs } of releasesOf(await planned(stack))) {
                const file = tables.get(String(inputs.chart));
                if (file === undefined) continue;
                asked += 1;
                const { chartKeys } = load(file) as { chartKeys: ChartKeys };
                assert.deepEqual(valuesRules(name, record(inputs.values), chartKeys), []);
            }
            assert.ok(asked >= 7, `${asked} releases of ${stack}`);
        }
    });
});
