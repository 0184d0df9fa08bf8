import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseSettings, readSettings } from "../../../components/platform/settings";
import { preview } from "../../../tools/plan/engine";
import { readStackFile } from "../../../tools/plan/stack-file";
import { summarize } from "../../../tools/plan/summary";
import { at } from "../../../tools/records";
import { byteCount } from "../../../components/settings/units";
import { asWritten } from "../../../tools/settings-reference/entries";
import { GIB } from "../../../components/sizing/figure";
import { UsageError } from "../../../tools/command";
import { readClusters, refuseSenders, textOf } from "../../../tools/size/clusters";
import { readLoad, type GivenLoad } from "../../../tools/size/load";
import { distributorCores, headerBytes } from "../../../components/metrics/cortex/size";
import { lokiReplicas } from "../../../components/logs/loki/size";
import { headBytes, headCores } from "../../../components/sizing/head";
import { scalesTable } from "../../../tools/size/scales";
import { refusedOf, settingsOf, sizeOf } from "../../../tools/size/stack";
import { tempoReplicas } from "../../../components/traces/tempo/size";

const ROOT = resolve(__dirname, "../../..");
const YEAR = 365 * 86_400;

/** Within a fifth, as a rule of thumb has to be to be of use. */
function near(actual: number, published: number): void {
    assert.ok(Math.abs(actual - published) <= published * 0.2, `${actual}, published is ${published}`);
}

describe("sizing against what the projects publish", () => {
    // https://github.com/grafana/mimir/blob/main/operations/helm/charts/mimir-distributed/large.yaml
    it("meets Mimir's values for 10 million series at 15 s: 12 distributors of 2 cores, 27 ingesters of 3.5 and 8 GiB", () => {
        near(distributorCores(10e6 / 15), 12 * 2);
        near(headCores(10e6 * 3), 27 * 3.5);
        near(headBytes(10e6 * 3), 27 * 8 * GIB);
    });

    // https://grafana.com/docs/mimir/latest/manage/run-production-environment/planning-capacity/#store-gateway
    it("meets Mimir's 13 kB of index header for a series at 15 s, kept for a year", () => {
        near(headerBytes({ interval: 15, retention: { metrics: YEAR, logs: 0, traces: 0 } }), 13_000);
    });

    // https://grafana.com/docs/loki/latest/setup/size/
    it("meets Loki's table at 3 and at 30 TB a day, and in the middle of the tier between them", () => {
        for (const [workload, at3, at17, at30] of [
            ["ingester", 6, 90, 150],
            ["querier", 10, 100, 250],
            ["distributor", 4, 40, 100],
            ["indexGateway", 4, 10, 20],
            ["queryFrontend", 2, 8, 16],
        ] as const) {
            assert.equal(lokiReplicas(workload, 3), at3);
            assert.equal(lokiReplicas(workload, 30), at30);
            if (workload === "ingester") near(lokiReplicas(workload, 17), at17);
            assert.ok(lokiReplicas(workload, 29) >= at17, workload);
        }
    });

    // https://grafana.com/docs/tempo/v2.10.x/set-up-for-tracing/setup-tempo/plan/size/
    it("meets Tempo's replicas for a rate of spans, ranges by their middle", () => {
        assert.equal(tempoReplicas("distributor", 100e6), 10);
        assert.ok(tempoReplicas("ingester", 60e6) >= 60 / 5 && tempoReplicas("ingester", 60e6) <= 60 / 3);
        assert.ok(tempoReplicas("querier", 60e6) >= 60 / 2 && tempoReplicas("querier", 60e6) <= 60 / 1);
    });
});

describe("a size", () => {
    it("never goes below what production survives with, and never shrinks as the load grows", () => {
        let before = new Map<string, number>();
        let compared = 0;
        for (const series of ["10k", "1M", "10M", "100M"]) {
            const figures = sizeOf(readLoad({ series, logs: `${series.replace(/[kM]$/, "")}GB/day` })).figures;
            for (const { setting, replicas, cpu, memory } of figures) {
                assert.ok(replicas >= 2, setting);
                if (!setting.startsWith("metrics.")) continue;
                compared += 1;
                assert.ok(replicas * cpu >= (before.get(setting) ?? 0), `${setting} at ${series}`);
                assert.ok(memory > 0);
            }
            before = new Map(figures.map(({ setting, replicas, cpu }) => [setting, replicas * cpu]));
        }
        assert.ok(compared > 0, "figures of the metrics store");
    });

    it("keeps as many ingesters in each zone", () => {
        for (const series of ["1M", "5M", "50M"]) {
            const ingesters = sizeOf(readLoad({ series })).figures.find(({ setting }) =>
                setting.endsWith("x.replicas.ingester"),
            );
            assert.equal((ingesters?.replicas ?? 0) % 3, 0);
        }
    });

    it("says where a store of this kind ends", () => {
        assert.deepEqual(sizeOf(readLoad({})).limits, []);
        const huge = sizeOf(readLoad({ series: "50M", logs: "50TB/day", retention: "logs=365d" })).limits.join("\n");
        for (const word of ["Prometheus", "compactor", "outside S3"]) assert.ok(huge.includes(word), word);
    });

    it("is a stack that the program takes: its replicas, volumes and requests arrive", async () => {
        const file = readStackFile(ROOT, "prod");
        const size = sizeOf(readLoad({ series: "5M", logs: "2TB/day", spans: "40MB/s", retention: "metrics=365d" }));
        const sized = Object.entries(settingsOf(size)).map(
            ([key, value]) =>
                [`${file.project}:${key}`, typeof value === "string" ? value : JSON.stringify(value)] as const,
        );
        const config = { ...file.config, ...Object.fromEntries(sized) };
        assert.equal(at(readSettings(config, file.project, {}), "metrics.limits.maxSeries"), 7_500_000);
        const { releases } = summarize("prod", await preview(ROOT, "prod", { ...file, config }));
        const workload = (release: string, name: string) =>
            releases.find((each) => each.release === release)?.workloads.find((each) => each.name === name);
        const compared: string[] = [];
        for (const { setting, replicas, cpu, memory } of size.figures) {
            const [role = "", , name = ""] = setting.split(".");
            if (role !== "traces") continue;
            compared.push(name);
            const planned = workload("tempo", name);
            assert.equal(planned?.replicas, replicas, setting);
            if (cpu > 1 || memory > GIB) assert.equal(planned.cpu, cpu, setting);
        }
        assert.ok(compared.includes("ingester"), "figures of the trace store");
        assert.equal(workload("cortex", "ingester")?.replicas, 15);
    });
});

describe("a stack that other clusters send to", () => {
    const list =
        "- { name: edge, count: 40, series: 1M, logs: 86.4GB/day }\n- { name: core, series: 10M, spans: 1MB/s }\n";

    it("adds up what they send, of those that are alike too", () => {
        const sent = readClusters(list, "clusters.yaml");
        assert.deepEqual(sent, { clusters: 41, series: 50_000_000, logs: 40_000_000, spans: 1_000_000 });
    });

    it("keeps what they send, and scrapes its own alone", () => {
        const own = readLoad({ series: "1M", interval: "30s" });
        const alone = sizeOf(own);
        const hub = sizeOf(own, readClusters(list, "clusters.yaml"));
        const of = ({ figures }: typeof hub, setting: string) => figures.find((each) => each.setting === setting);
        const pair = "kubePrometheusStack.prometheus.replicas";
        assert.deepEqual(of(hub, pair), of(alone, pair));
        const ingesters = (size: typeof hub) => of(size, "metrics.replicas.ingester")?.replicas ?? 0;
        assert.ok(ingesters(hub) > 10 * ingesters(alone));
        assert.equal(alone.gateway, undefined);
        // 833 pushes and 10 MiB a second are less than half a core, and a node may be lost.
        assert.equal(hub.gateway?.replicas, 2);
        assert.deepEqual(refusedOf(hub), []);
    });

    it("is refused where its ingest gateway is closed, with what is missing", () => {
        const { project, config } = readStackFile(ROOT, "edge");
        const closed = readSettings(config, project, {});
        assert.throws(
            () => {
                refuseSenders("edge", closed);
            },
            (error: unknown) =>
                error instanceof UsageError && error.message.includes("`ingestGateway: { enabled: true }`"),
        );
        refuseSenders("edge", { ingestGateway: { ...closed.ingestGateway, enabled: true } });
    });

    it("refuses a file that is no such list, and says where", () => {
        const refusal = (read: () => unknown): string => {
            try {
                read();
            } catch (error) {
                assert.ok(error instanceof UsageError);
                return error.message;
            }
            return "nothing";
        };
        const said = (text: string) => refusal(() => readClusters(text, "c.yaml"));
        const wrong = said("- { name: Edge, serie: 1M, series: lots, count: 1.5e99 }\n- 7\n");
        assert.match(wrong, /^5 problems in c\.yaml:\n/);
        for (const path of ["name", "series", "count", "serie"]) {
            assert.ok(wrong.includes(`  clusters[0].${path}\n    given:   `), `${path} in\n${wrong}`);
        }
        assert.match(wrong, /clusters\[0\]\.serie\n.*\n.*\n {4}fix: {5}write series/);
        assert.match(wrong, /clusters\[1\]\n {4}given: {3}7/);
        assert.match(wrong, /clusters\[1\]\n.*\n.*\n {4}fix: {5}write, for example, - \{ name: edge/);
        const given: readonly (readonly [text: string, given: string])[] = [
            ["edge: 1M", "a map with edge"],
            ["", "nothing"],
            ["[]", "a list of 0"],
            ["hunter2", "a text"],
            ["- { name: edge", "what is no YAML, line 1: "],
        ];
        for (const [text, what] of given) assert.deepEqual(fileProblem(said(text)), [what], text);
        assert.deepEqual(fileProblem(refusal(() => textOf(join(ROOT, "gone.yaml")))), ["no such file"]);
        assert.deepEqual(fileProblem(refusal(() => textOf(ROOT))), ["a folder"]);
    });

    /** What is said to be in a file that is no list of clusters, where all else of the message is as it has to be. */
    function fileProblem(message: string): string[] {
        const all =
            /^1 problem in \S+:\n {2}--clusters\n {4}given: {3}(what is no YAML, line 1: |.*)(?:.*)\n {4}allowed: a file with a list of clusters, in YAML\n {4}fix: {5}write - \{ name: edge.*examples\/clusters\.yaml$/;
        return all.exec(message)?.slice(1) ?? [message];
    }
});

describe("the reference of sizes", () => {
    it("has the table that the formulas make", () => {
        const squeezed = (text: string) => text.replace(/ +/g, " ").replace(/-{3,}/g, "---");
        const page = squeezed(readFileSync(join(ROOT, "docs/reference/sizing.md"), "utf8"));
        assert.ok(
            page.includes(squeezed(scalesTable())),
            "write the table of scalesTable() into docs/reference/sizing.md",
        );
    });
});

describe("a load", () => {
    it("is read in the units that people write", () => {
        const load = readLoad({ series: "2.5M", interval: "1m", logs: "86.4GB/day", spans: "1MiB/s", zones: "1" });
        assert.equal(load.series, 2_500_000);
        assert.equal(load.interval, 60);
        assert.equal(Math.round(load.logs), 1_000_000);
        assert.equal(load.spans, 2 ** 20);
        assert.equal(readLoad({ retention: "metrics=365d" }).retention.metrics, YEAR);
    });

    it("is kept for a time in the words of a stack file", () => {
        for (const retention of ["2y", "90d", "2w", "1h30m", "36500d", "36501d", "0d"]) {
            const settings = { cluster: "c", domain: "o.example.com", survives: "node", metrics: { retention } };
            const isTaken = (problems: readonly { path: string; allowed: string }[]) =>
                problems.every(({ path, allowed }) => path !== "metrics.retention" || !allowed.startsWith("a whole"));
            const parsed = parseSettings(settings);
            const taken = "settings" in parsed || isTaken(parsed.problems);
            const read = () => readLoad({ retention: `metrics=${retention}` });
            if (taken) read();
            else assert.throws(read, /^Error: --retention metrics=\S+: allowed is a whole number with s, m, h or d/);
        }
    });

    it("is refused where a key is given twice, and where zones are no whole number", () => {
        const refused = (given: GivenLoad) => {
            try {
                readLoad(given);
            } catch (error) {
                return error instanceof UsageError ? error.message : "";
            }
            return "";
        };
        assert.match(refused({ retention: "logs=31d,logs=30d" }), /^--retention logs=30d: logs is given twice$/);
        for (const zones of ["1.5", "0", "1k", "-3", "three", "2"])
            assert.match(refused({ zones }), /a whole number/, zones);
    });

    const useless: Record<string, [given: GivenLoad, path: string]> = {
        "more series than any cluster has": [{ series: "999999999999999M" }, "metrics.replicas.ingester"],
        "logs kept for half a day": [{ retention: "logs=12h" }, "logs.retention"],
        "traces kept for half an hour": [{ retention: "traces=30m" }, "traces.retention"],
        "a sample a day": [{ interval: "1d" }, "kubePrometheusStack.prometheus.scrapeInterval"],
    };
    for (const [name, [given, path]] of Object.entries(useless)) {
        it(`makes nothing that the settings refuse: ${name}`, () => {
            assert.ok(refusedOf(sizeOf(readLoad(given))).some((problem) => problem.path === path));
        });
    }

    it("is never below the defaults, which a stack has that says nothing", () => {
        for (const [zones, survives] of [
            ["1", "node"],
            ["3", "zone"],
        ] as const) {
            const parsed = parseSettings({ cluster: "c", domain: "o.example.com", survives });
            assert.ok("settings" in parsed);
            const has = asWritten(parsed.settings);
            const sizes = ["traces.volumes.ingester", "logs.volumes.ingester", "kubePrometheusStack.prometheus.volume"];
            const asked = settingsOf(sizeOf(readLoad({ series: "1k", logs: "1GB/day", spans: "1kB/s", zones })));
            for (const path of [...sizes, "objectStore.driveSize"]) {
                const size = String(at(asked, path));
                assert.ok(byteCount(size) >= byteCount(String(at(has, path))), `${path}: ${size}`);
            }
        }
    });

    it("makes what the settings take, of what it takes unasked and of a hundred times as much", () => {
        const huge = { series: "100M", logs: "10TB/day", spans: "100MB/s", queries: "250" };
        for (const given of [{}, huge, { zones: "1" }]) assert.deepEqual(refusedOf(sizeOf(readLoad(given))), []);
    });

    it("is refused with every problem at once", () => {
        assert.throws(
            () => readLoad({ series: "many", logs: "1TB", retention: "metrics=365d,profiles=1d" }),
            (error: Error) => {
                const lines = error.message.split("\n");
                assert.equal(lines.length, 3);
                for (const name of ["series", "logs", "retention"])
                    assert.ok(error.message.includes(`--${name}`), name);
                return true;
            },
        );
    });
});
