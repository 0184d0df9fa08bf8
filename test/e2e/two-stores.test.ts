import { deepEqual, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { at, record, records } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { needsCharts, renderedWith } from "./rendered";
import { cortexConfig, local } from "./store-configs";
import { ThanosHere } from "./thanos-programs";
import { flags } from "./victoria-programs";

/** Base addresses here of a store's gateway, for pushes and for queries. */
interface Here {
    readonly push: string;
    readonly query: string;
}

type Start = (programs: Programs, model: ClusterModel) => Promise<Here>;

async function cortex(programs: Programs): Promise<Here> {
    const [http = 0, grpc = 0, otlp = 0, prometheus = 0] = await freePorts(4);
    const config = programs.file("cortex.yaml", cortexConfig(programs, { http, grpc, otlp, prometheus }));
    await programs.start("cortex", [`-config.file=${config}`], `${local(http)}/ready`);
    return { push: local(http), query: local(http) };
}

async function victoriaMetrics(programs: Programs, model: ClusterModel): Promise<Here> {
    const pods = model.pods.find(({ namespace }) => namespace === "victoriametrics");
    const server = records(pods?.spec.containers).find(({ image }) => String(image).includes("/victoria-metrics:"));
    ok(server, "no pod of VictoriaMetrics");
    const [port = 0] = await freePorts(1);
    const own = {
        httpListenAddr: [`127.0.0.1:${port}`],
        storageDataPath: [programs.data("victoria-metrics")],
        "storage.minFreeDiskSpaceBytes": ["1MiB"],
        // It would hide what is younger than half a minute.
        "search.latencyOffset": ["0s"],
    };
    await programs.start("victoria-metrics", flags(server, own), `${local(port)}/health`);
    return { push: local(port), query: local(port) };
}

async function thanos(programs: Programs, model: ClusterModel): Promise<Here> {
    const parts = ["receive-ingestor", "receive-router", "store-gateway", "query", "query-frontend"];
    return ThanosHere.start(programs, model, Object.fromEntries(parts.map((part) => [`thanos-${part}`, 1])));
}

const OTHERS: Readonly<Record<string, readonly [Start, readonly string[]]>> = {
    victoriametrics: [victoriaMetrics, ["victoria-metrics"]],
    thanos: [thanos, ["thanos", "minio", "nginx"]],
};

/**
 * A stack moves from Cortex to another store and back, as docs/how-to/change-the-metrics-store.md has it: Prometheus writes
 * as each step is rendered, and the data sources that Grafana is given find everything. It runs with KINDS=1.
 */
for (const [kind, [start, needed]] of Object.entries(OTHERS)) {
    describe(`Cortex and ${kind} side by side, in their real programs`, function () {
        const folder = mkdtempSync(join(tmpdir(), "two-stores-"));
        const programs = new Programs(folder);
        const first = { kind: "cortex" };
        /** What stands first and second in each step. */
        const steps = [[first], [first, { kind }], [{ kind }, first], [first, { kind }]];
        const models: ClusterModel[] = [];
        let here: Readonly<Record<string, Here>>;
        let port = 0;
        /** When each step had begun, and when it ended, in milliseconds. */
        const times: (readonly [number, number])[] = [];

        before(async function () {
            if (process.env.KINDS === undefined) {
                console.log("    not run: it needs KINDS=1");
                this.skip();
            }
            needsCharts(this, ["cortex", "prometheus", ...needed]);
            for (const [metrics, secondMetrics = { kind: "none" }] of steps) {
                const more = { metrics, secondMetrics };
                const settings = Object.entries(more).map(([key, value]) => [
                    `observability:${key}`,
                    JSON.stringify(value),
                ]);
                models.push(await renderedWith("dev", Object.fromEntries(settings) as Record<string, string>));
            }
            const [, both] = models;
            ok(both);
            here = { cortex: await cortex(programs), [kind]: await start(programs, both) };
            [port = 0] = await freePorts(1);
        });

        after(async () => {
            await programs.stop();
            if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
        });

        /** An address of the cluster, here. */
        const moved = (url: string, use: keyof Here) => {
            const { hostname, pathname } = new URL(url);
            const store = here[hostname.split(".")[1] ?? ""];
            ok(store, hostname);
            return `${store[use]}${pathname}`;
        };

        /** Prometheus with what a step has it write, for some seconds. */
        async function scrape(model: ClusterModel): Promise<void> {
            const spec = record(model.find("Prometheus", "monitoring", "kps-prometheus")?.spec);
            const config = programs.file("prometheus.yaml", {
                global: {
                    scrape_interval: "1s",
                    external_labels: {
                        ...record(spec.externalLabels),
                        [String(spec.prometheusExternalLabelName)]: "monitoring/kps-prometheus",
                        [String(spec.replicaExternalLabelName)]: "prometheus-kps-prometheus-0",
                    },
                },
                remote_write: records(spec.remoteWrite).map((write) => ({
                    name: write.name,
                    url: moved(String(write.url), "push"),
                    headers: write.headers,
                    send_exemplars: write.sendExemplars,
                    send_native_histograms: write.sendNativeHistograms,
                    write_relabel_configs: write.writeRelabelConfigs,
                })),
                scrape_configs: [{ job_name: "itself", static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
            });
            const stop = await programs.startAs(
                "prometheus",
                "prometheus",
                [
                    `--config.file=${config}`,
                    `--storage.tsdb.path=${programs.data("prometheus")}`,
                    `--web.listen-address=127.0.0.1:${port}`,
                ],
                `${local(port)}/-/ready`,
            );
            const began = Date.now();
            await sleep(6000);
            times.push([began, Date.now()]);
            await stop("SIGTERM");
        }

        /** For each step, whether a data source of a rendering has samples of it. */
        async function found(model: ClusterModel, uid: string): Promise<boolean[]> {
            const given = ["ConfigMap", "Secret"]
                .flatMap((each) => model.ofKind(each))
                .flatMap(({ object }) =>
                    Object.values({ ...record(object.data ?? {}), ...record(object.stringData ?? {}) }),
                )
                .map(String)
                .find((text) => text.includes(`uid: ${uid}\n`));
            const source = records(at(parse(given ?? ""), "datasources")).find((each) => each.uid === uid);
            ok(source, `no data source ${uid}`);
            const name = at(source, "jsonData.httpHeaderName1");
            const headers =
                typeof name !== "string" ? {} : { [name]: String(at(source, "secureJsonData.httpHeaderValue1")) };
            return Promise.all(
                times.map(async ([from, to]) => {
                    const seconds = Math.floor((to - from) / 1000);
                    const query = `count_over_time(up{job="itself"}[${seconds}s])`;
                    const asked = new URLSearchParams({ query, time: String(to / 1000), nocache: "1" });
                    const response = await fetch(`${moved(String(source.url), "query")}/api/v1/query?${asked}`, {
                        headers,
                    });
                    const answer = await response.text();
                    ok(response.ok, `${uid}: ${response.status} ${answer}`);
                    const series = records(at(JSON.parse(answer), "data.result"));
                    ok(series.length < 2, "one copy of each series");
                    return series.length === 1;
                }),
            );
        }

        it("keeps in one of both what Prometheus scraped in each step, and in the old one all of it", async () => {
            for (const model of models) await scrape(model);
            const [, , swapped, back] = models;
            ok(swapped && back);
            // What came before the second store is in the first alone, which goes on being written after the change.
            for (let tried = 0; tried < 30; tried++) {
                if ((await found(back, "metrics2")).at(-1) === true) break;
                await sleep(1000);
            }
            deepEqual(await found(swapped, "metrics2"), [true, true, true, true]);
            deepEqual(await found(swapped, "metrics"), [false, true, true, true]);
            deepEqual(await found(back, "metrics"), [true, true, true, true]);
            deepEqual(await found(back, "metrics2"), [false, true, true, true]);
        });
    });
}
