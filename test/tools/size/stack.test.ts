import assert from "node:assert/strict";
import { parseSettings, readSettings, type Settings } from "../../../components/platform/settings";
import { GIB } from "../../../components/sizing/figure";
import { UsageError } from "../../../tools/command";
import { readStackFile } from "../../../tools/plan/stack-file";
import { at } from "../../../tools/records";
import { defaultsOf, readLoad, type GivenLoad } from "../../../tools/size/load";
import { refusedOf, settingsOf, sizeOf, type Size } from "../../../tools/size/stack";
import { leastOf } from "../../fixtures/kinds";
import { root } from "../../fixtures/planned";

const REQUIRED = { cluster: "c", domain: "observability.example.com", survives: "zone" };

/** The size of a stack of these settings, for its own load where nothing else is given. */
function sized(settings: object, given: GivenLoad = {}): { size: Size; stack: Settings } {
    const parsed = parseSettings({ ...REQUIRED, ...settings });
    assert.ok("settings" in parsed, JSON.stringify(parsed));
    const stack = parsed.settings;
    return { size: sizeOf(readLoad(given, defaultsOf(stack)), undefined, stack), stack };
}

function figure({ figures }: Size, setting: string): Size["figures"][number] {
    return figures.find((each) => each.setting === setting) ?? assert.fail(`no figure of ${setting}`);
}

describe("a size of a stack", () => {
    const logs = { ...leastOf("opensearch"), retention: "7d" };

    it("is of the load that the stack states, how long it keeps and how often it scrapes, and options say otherwise", () => {
        const stated = {
            load: { series: "3M", logs: "50GB/day", zones: 4 },
            logs: { kind: "loki", retention: "7d" },
            kubePrometheusStack: { prometheus: { scrapeInterval: "15s" } },
        };
        const { load } = sized(stated).size;
        assert.deepEqual([load.series, load.interval, load.zones, load.retention.logs], [3e6, 15, 4, 7 * 86_400]);
        const other = sized(stated, { series: "1M", retention: "logs=1d" }).size.load;
        assert.deepEqual([other.series, other.retention.logs, other.interval], [1e6, 86_400, 15]);
    });

    it("with OpenSearch has its nodes, their heap and disks, Vector, and Dashboards where they run", () => {
        const { size } = sized({ logs, load: { logs: "100GB/day" } });
        const node = figure(size, "logs.replicas.node");
        // 2 copies of 8 days on what a zone's loss leaves.
        const disk = (100e9 * 2 * 8 * (1.1 / 0.95 / 0.8)) / 2;
        assert.deepEqual([node.replicas, node.volume?.bytes], [3, Math.ceil(disk / GIB) * GIB]);
        assert.match(node.formula, new RegExp(`half of it heap \\(${node.memory / 2 / GIB} GiB\\)`));
        assert.equal(figure(size, "logs.replicas.otlp").replicas, 2);
        assert.ok(size.figures.every(({ setting }) => setting !== "logs.replicas.dashboards"));
        const shown = sized({ logs: { ...logs, dashboards: { enabled: true } } }).size;
        assert.equal(figure(shown, "logs.replicas.dashboards").replicas, 2);
    });

    it("with OpenSearch counts the copies that the stack has, and its snapshots where it makes some", () => {
        const disk = (more: object) =>
            figure(sized({ logs: { ...logs, ...more } }).size, "logs.replicas.node").volume?.needed ?? 0;
        assert.ok(Math.abs(disk({ copies: 3 }) / disk({}) - 1.5) < 0.01);
        const stored = (more: object) =>
            sized({ logs: { ...logs, ...more } }).size.stored.find(({ setting }) => setting === "logs.buckets.backup");
        assert.equal(stored({})?.bytes, 100e9 * 8 * 1.1);
        assert.equal(stored({ buckets: {} }), undefined);
    });

    it("grows Vector with the lines that pass it", () => {
        const { cpu, replicas } = figure(sized({ logs }, { logs: "10TB/day" }).size, "logs.replicas.otlp");
        assert.ok(cpu * replicas > (10e12 / 86_400 / (10 * 2 ** 20)) * 1.5);
    });

    it("writes a node's memory where its heap follows from it, and nothing beside it that would say otherwise", () => {
        const { size } = sized({ logs }, { logs: "300GB/day" });
        const settings = settingsOf(size);
        assert.deepEqual(
            [at(settings, "logs.kind"), at(settings, "logs.memory.node"), at(settings, "logs.retention")],
            ["opensearch", `${figure(size, "logs.replicas.node").memory / GIB}Gi`, "7d"],
        );
        assert.equal(at(settings, "logs.values.resources.requests.memory"), undefined);
        assert.deepEqual(refusedOf(size, { ...REQUIRED, logs }), []);
    });

    it("says that more nodes than zones want the zones' names, and is taken where the stack has them", () => {
        const large = { logs: "900GB/day", retention: "logs=60d" };
        const [refused] = refusedOf(sized({ logs }, large).size, { ...REQUIRED, logs });
        assert.deepEqual([refused?.path, refused?.fix], ["logs.replicas.node", "write 3, or logs.zones"]);
        const named = { ...logs, zones: ["a", "b", "c", "d"], replicas: { node: 4 } };
        const stack = { kubernetes: "1.35", logs: named };
        const { size } = sized(stack, large);
        assert.equal(figure(size, "logs.replicas.node").replicas % 4, 0);
        assert.deepEqual(refusedOf(size, { ...REQUIRED, ...stack }), []);
    });

    it("with VictoriaMetrics is of the copies and servers that the stack has, and is taken", () => {
        const metrics = { kind: "victoriametrics", replicationFactor: 3, replicas: { vmstorage: 5 } };
        const { size } = sized({ metrics });
        assert.equal(figure(size, "metrics.replicas.vmstorage").replicas, 5);
        assert.deepEqual(refusedOf(size, { ...REQUIRED, metrics }), []);
    });

    it("says of stores outside that they are, and writes nothing of them", () => {
        const { size } = sized({ logs: leastOf("elasticsearch") });
        assert.deepEqual(size.unsized, ["logs (elasticsearch): it is kept outside of this stack, by whoever runs it."]);
        assert.equal(settingsOf(size).logs, undefined);
        assert.ok(size.figures.every(({ setting }) => !setting.startsWith("logs.")));
        const pair = (of: string) => ({ accessKeyId: `key-of-${of}`, secretAccessKey: "of-a-test-alone" });
        const bucket = {
            ...{ kind: "s3", endpoint: "s3.example.com:443", region: "eu-1" },
            credentials: { metrics: pair("metrics"), logs: pair("logs"), traces: pair("traces") },
        };
        const outside = sized({ objectStore: bucket }).size;
        assert.deepEqual([outside.drives, settingsOf(outside).objectStore], [undefined, undefined]);
        assert.match(outside.unsized.join(), /objectStore \(s3\)/);
    });

    it("of a cluster that sends says so, and has what waits while the hub is away", () => {
        const { project, config } = readStackFile(root, "edge");
        const stack = readSettings(config, project, {});
        const size = sizeOf(readLoad({ series: "2M" }, defaultsOf(stack)), undefined, stack);
        assert.equal(size.unsized.filter((told) => told.includes("the hub keeps it")).length, 3);
        assert.equal(size.drives, undefined, "it keeps no bucket");
        assert.equal(at(settingsOf(size), "kubePrometheusStack.prometheus.volume"), "77Gi");
    });

    it("keeps the drives' layout, which is fixed on the first day", () => {
        const objectStore = { kind: "minio", servers: 6, drivesPerServer: 4 };
        const { drives } = sized({ objectStore }).size;
        assert.deepEqual([drives?.servers, drives?.drivesPerServer], [6, 4]);
    });

    it("has the errors' database where GlitchTip keeps them, and says what nobody has formulas for", () => {
        const errors = { kind: "glitchtip", retention: "60d" };
        const { size } = sized({ errors }, { errors: "50k/day" });
        const room = size.rooms.find(({ setting }) => setting === "database.errors.volume");
        assert.equal(room?.bytes, 50_000 * 60 * 30_000);
        assert.equal(at(settingsOf(size), "database.errors.volume"), "84Gi");
        assert.match(sized({ errors }).size.unsized.join(), /database\.errors\.volume: --errors/);
        assert.match(size.unsized.join(), /errors \(glitchtip\)/);
        assert.throws(() => sized({}, { errors: "50k/day" }), UsageError);
        const clickhouse = {
            ...{ host: "clickhouse.clickhouse.svc.cluster.local", cluster: "signoz", user: "signoz" },
            password: "of-a-test-alone",
        };
        assert.match(sized({ signoz: { enabled: true, clickhouse } }).size.unsized.join(), /ClickHouse is outside/);
    });
});
