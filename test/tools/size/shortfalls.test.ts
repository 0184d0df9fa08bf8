import assert from "node:assert/strict";
import { loadSettings, type LoadSettings } from "../../../components/settings/load";
import { mergeValues } from "../../../components/kubernetes/merge-values";
import { completeSettings, parseSettings, readSettings } from "../../../components/platform/settings";
import { printShortfalls } from "../../../tools/plan/print";
import { readStackFile } from "../../../tools/plan/stack-file";
import { summarize } from "../../../tools/plan/summary";
import type { GivenLoad } from "../../../tools/size/load";
import { defaultsOf, readLoad } from "../../../tools/size/load";
import type { Shortfall } from "../../../tools/size/shortfall";
import { shortfalls } from "../../../tools/size/shortfalls";
import { settingsOf, sizeOf } from "../../../tools/size/stack";
import { at } from "../../../tools/records";
import { leastOf } from "../../fixtures/kinds";
import { planned, root } from "../../fixtures/planned";

/**
 * What a stack has too little of.
 * @param load what it is to carry, if it states one. Nothing that is deployed depends on it.
 * @param more settings beside those of its file.
 */
async function below(
    load: LoadSettings | undefined,
    more: Record<string, unknown> = {},
    stack = "prod",
): Promise<Shortfall[]> {
    const { project, config } = readStackFile(root, stack);
    const configOf = (settings: Record<string, unknown>) =>
        Object.fromEntries(
            Object.entries(settings).map(([key, value]) => [
                `${project}:${key}`,
                typeof value === "string" ? value : JSON.stringify(value),
            ]),
        );
    return shortfalls(
        readSettings({ ...config, ...configOf({ ...more, ...(load && { load }) }) }, project, {}),
        summarize(stack, await planned(stack, configOf(more))),
    );
}

const CARRIED: LoadSettings = { series: "150k", logs: "10GB/day", spans: "100kB/s" };

describe("settings below a stated load", () => {
    it("are none where no load is stated, and none where prod carries it", async () => {
        assert.deepEqual(await below(undefined), []);
        assert.deepEqual(await below(CARRIED), []);
    });

    it("are none in dev, whose one drive has no parity", async () => {
        assert.deepEqual(await below(undefined, {}, "dev"), []);
    });

    it("are sizes of what no chart makes: caches, and what scrapes VictoriaMetrics' own objects", async () => {
        const carried = { series: "20M" };
        const caches = await below(carried, { metrics: { kind: "thanos", retention: "90d" } });
        const chunks = caches.find(({ setting }) => setting === "metrics.caches.chunks");
        assert.deepEqual([chunks?.set, chunks?.needed], ["1Gi", "48Gi"], "24 GiB × 2 × 2 of the pair ÷ 2 servers");
        const vm = { kind: "victoriametrics", retention: "90d" };
        const [on, off] = await Promise.all(
            [true, false].map((objects) => below(carried, { metrics: { ...vm, objects } })),
        );
        const queue = on?.find(({ setting }) => setting === "metrics.volumes.vmagent");
        assert.deepEqual([queue?.set, queue?.needed], ["5Gi", "51Gi"], "20M ÷ 30 s × 6 h × 3 B ÷ 0.8");
        assert.ok(!off?.some(({ setting }) => setting.endsWith(".vmagent")));
    });

    it("are, of a cluster that sends, what does not hold the time without its hub", async () => {
        const carried = { series: "100k", spans: "100kB/s" };
        assert.deepEqual(await below(carried, {}, "edge"), []);
        const told = await below({ series: "2M", spans: "1MB/s" }, {}, "edge");
        const find = (setting: string) => told.find((each) => each.setting === setting);
        const log = find("kubePrometheusStack.prometheus.volume");
        assert.deepEqual([log?.set, log?.needed], ["50Gi", "77Gi"], "2M ÷ 30 s × (24 h × 2 B + 36 h × 5 B) × 1.5");
        assert.equal(find("k8sMonitoring.volumes.queue")?.needed, "68Gi", "1 MB/s × 12 h ÷ 3 ÷ 20 %");
        assert.equal(find("metrics.replicas.ingester"), undefined, "the hub's");
    });

    it("are each told at ten times the load, with its path, what it is and what to write", async () => {
        const told = await below({ series: 1_500_000, logs: "100GB/day", spans: "1MB/s" });
        const find = (setting: string) => told.find((each) => each.setting === setting);
        const ingesters = find("metrics.replicas.ingester");
        assert.deepEqual([ingesters?.set, ingesters?.needed], ["3", "6"]);
        assert.match(ingesters?.formula ?? "", /300 000 series/);
        const memory = find("kubePrometheusStack.values.prometheus.prometheusSpec.resources.requests.memory");
        assert.deepEqual([memory?.set, memory?.needed], ["2Gi", "18Gi"]);
        assert.equal(find("objectStore.driveSize")?.set, "100Gi");
        // What is allowed by default is enough.
        assert.equal(find("metrics.limits.maxSeries"), undefined);
        // What is fixed in a running stack is said, and nothing else.
        const text = printShortfalls(told);
        assert.match(text, /keeps these as they were first.*: objectStore\.driveSize/);
        assert.doesNotMatch(text, /as they were first.*replicas/);
    });

    it("are limits too, below which data would be refused", async () => {
        const told = await below({ logs: "1TB/day" });
        const limit = told.find(({ setting }) => setting === "logs.limits.ingestionRateMb");
        assert.deepEqual([limit?.set, limit?.needed], ["16", "24"]);
        // The signals of which nothing is stated are not looked at.
        assert.ok(told.every(({ setting }) => /^(logs|objectStore)\./.test(setting)));
    });

    it("are, of OpenSearch, memory and volumes of its nodes, by the settings that both follow from", async () => {
        const logs = { kind: "opensearch", retention: "14d" };
        const told = await below({ logs: "100GB/day" }, { logs });
        const needed = Object.fromEntries(told.map(({ setting, needed }) => [setting, needed]));
        // 2 copies of 15 days on 3 nodes of which one may be away, at 1.45 bytes a byte.
        const kept = 100e9 * 2 * 15 * (1.1 / 0.95 / 0.8);
        assert.equal(needed["logs.volumes.node"], `${Math.ceil(kept / 2 / 2 ** 30)}Gi`);
        assert.equal(needed["logs.memory.node"], "11Gi");
        assert.deepEqual(await below({ logs: "1GB/day" }, { logs }), []);
    });

    it("are, of the errors' database, a volume that the stated errors fill", async () => {
        const errors = { kind: "glitchtip", retention: "30d" };
        const told = await below({ errors: "100k/day" }, { errors });
        // 100,000 a day, 30 days, 30 kB each.
        assert.deepEqual(
            told.map(({ setting, set, needed }) => [setting, set, needed]),
            [["database.errors.volume", "50Gi", "84Gi"]],
        );
        assert.deepEqual(await below({ errors: "10k/day" }, { errors }), []);
    });

    it("are not replicas that are fewer and larger, as the chart's own values may have them", async () => {
        const ingester = { resources: { requests: { cpu: "16", memory: "64Gi" } } };
        const told = await below({ series: "1500k" }, { metrics: { values: { ingester } } });
        assert.ok(told.length > 0, "of other workloads");
        assert.deepEqual(
            told.filter(({ setting }) => setting.includes("ingester")),
            [],
        );
    });

    const loads: Record<string, GivenLoad> = {
        "what `size` takes unasked": {},
        "in four zones": { zones: "4" },
        "in five zones, with much of it": { series: "10M", logs: "1TB/day", spans: "10MB/s", zones: "5" },
        "a small load in one zone": { series: "50k", logs: "5GB/day", spans: "100kB/s", zones: "1" },
        "a large one, kept for long": {
            ...{ series: "5M", interval: "15s", logs: "2TB/day", spans: "40MB/s", queries: "50" },
            retention: "metrics=365d,logs=60d,traces=30d",
        },
    };
    for (const [name, given] of Object.entries(loads)) {
        it(`are none in the stack file of \`size\` for ${name}`, async () => {
            const { load, ...settings } = settingsOf(sizeOf(readLoad(given)));
            assert.deepEqual(await below(loadSettings.parse(load), settings), []);
        });
    }

    it("are none in the stack file of `size` for a stack with other stores, larger than its defaults", async () => {
        const logs = { kind: "opensearch", dashboards: { enabled: true }, ...leastOf("opensearch") };
        const errors = { kind: "glitchtip" };
        const stack = completeSettings({ cluster: "c", domain: "o.example.com", survives: "zone", logs, errors });
        const given = { logs: "300GB/day", errors: "200k/day" };
        const { load, ...settings } = settingsOf(sizeOf(readLoad(given, defaultsOf(stack)), undefined, stack));
        assert.notEqual(at(settings, "logs.memory.node"), "4Gi");
        assert.deepEqual(await below(loadSettings.parse(load), mergeValues({ logs, errors }, settings)), []);
        // The same load finds what the defaults have too little of.
        const short = (await below(loadSettings.parse(load), { logs, errors })).map(({ setting }) => setting);
        for (const setting of ["logs.memory.node", "logs.volumes.node", "database.errors.volume"])
            assert.ok(short.includes(setting), setting);
    });
});

describe("a stated load in the settings", () => {
    const stack = { cluster: "c", domain: "observability.example.com", survives: "zone" };

    it("is refused with every problem at once", () => {
        const load = { series: "many", queries: 0, logs: "1TB", spans: "0MB/s", errors: "9", events: "1k" };
        const result = parseSettings({ ...stack, load });
        assert.ok("problems" in result);
        const problems = new Map(result.problems.map((each) => [each.path, each]));
        assert.deepEqual([...problems.keys()].sort(), [
            "load.errors",
            "load.events",
            "load.logs",
            "load.queries",
            "load.series",
            "load.spans",
        ]);
        assert.deepEqual(problems.get("load.logs"), {
            path: "load.logs",
            given: '"1TB"',
            allowed: "bytes above 0, with kB, MB, GB, TB or KiB, MiB, GiB, TiB, per s, h or day",
            fix: "write, for example, logs: 100GB/day",
        });
    });

    it("is refused where nothing survives: a laptop's single processes have no formula", () => {
        const result = parseSettings({ ...stack, survives: "nothing", load: { series: "1M" } });
        assert.ok("problems" in result);
        assert.deepEqual(
            result.problems.map(({ path }) => path),
            ["load"],
        );
    });
});
