import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { at, record, records } from "../../tools/records";
import { preview } from "../../tools/plan/engine";
import { readStackFile } from "../../tools/plan/stack-file";
import { releasesOf } from "../../tools/render/releases";
import { ROOT } from "./rendered";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { startEgressGateway, type End } from "./egress";
import { Programs } from "./programs";
import { until } from "./until";

/** Seconds between two scrapes. */
const INTERVAL = 1;
/** Seconds without the hub. */
const AWAY = 40;

/**
 * A sending cluster's pair of Prometheus as it is rendered, behind its gateway; the hub, whose store is a Prometheus that
 * takes remote writes, goes away, one of the pair is killed meanwhile, and the hub comes back.
 */
describe("a sending cluster without its hub, in real programs", function () {
    const folder = mkdtempSync(join(tmpdir(), "offline-"));
    const programs = new Programs(folder);
    let gateway: End | undefined;
    let hub = 0;
    let began = 0;
    let door: Server | undefined;

    before(async function () {
        const absent = missing(["nginx", "envsubst", "prometheus"]);
        if (absent.length > 0) {
            console.log(`      not run: ${absent.join(", ")} not on PATH`);
            this.skip();
        }
        const [hubPort = 0, doorPort = 0, ...own] = await freePorts(4);
        hub = hubPort;
        door = asReceiver(hub);
        door.listen(doorPort, "127.0.0.1");
        const plan = await preview(ROOT, "edge", readStackFile(ROOT, "edge"));
        const kps = releasesOf(plan).find(({ name }) => name === "kps");
        const spec = record(at(kps?.values, "prometheus.prometheusSpec"));
        const [write = {}] = records(spec.remoteWrite);
        const startHub = () => startPrometheus("hub", hub, {}, ["--web.enable-remote-write-receiver"]);
        const away = await startHub();
        const { port, end } = await startEgressGateway(programs, mkdtempSync(join(folder, "egress-")), {
            url: `http://127.0.0.1:${doorPort}`,
            username: "edge",
            password: "edge",
        });
        gateway = end;
        const flags = records(spec.additionalArgs).map(({ name, value }) => `--${String(name)}=${String(value)}`);
        assert.equal(flags.length, 2, "what keeps unsent samples");
        const sender = (name: string, on: number) =>
            startPrometheus(
                name,
                on,
                {
                    external_labels: { ...record(spec.externalLabels), [String(spec.replicaExternalLabelName)]: name },
                    scraped: on,
                    remote_write: [
                        { url: String(write.url).replace(/^http:\/\/[^/]+/, `http://127.0.0.1:${port}`), ...QUEUE },
                    ],
                },
                flags,
            );
        const [first = 0, second = 0] = own;
        const kill = await sender("a", first);
        await sender("b", second);
        began = Date.now();
        await sleep(5000);
        await away("SIGKILL");
        await sleep((AWAY / 2) * 1000);
        // Its folder's lock goes with it.
        await kill("SIGKILL");
        await sender("a", first);
        await sleep((AWAY / 2) * 1000);
        await startHub();
        await caughtUp();
    });

    after(async () => {
        await gateway?.("SIGTERM");
        await programs.stop();
        door?.close();
        rmSync(folder, { recursive: true });
    });

    async function startPrometheus(
        name: string,
        port: number,
        given: { external_labels?: object; scraped?: number; remote_write?: object[] },
        flags: readonly string[],
    ): Promise<End> {
        const { external_labels = {}, scraped, remote_write = [] } = given;
        const config = programs.file(`${name}.yml`, {
            global: { scrape_interval: `${INTERVAL}s`, external_labels },
            storage: { tsdb: { out_of_order_time_window: "1h" } },
            scrape_configs:
                scraped === undefined
                    ? []
                    : [
                          {
                              job_name: "self",
                              static_configs: [{ targets: [`127.0.0.1:${scraped}`] }],
                              metric_relabel_configs: [
                                  { source_labels: ["__name__"], regex: "prometheus_tsdb.*", action: "keep" },
                              ],
                          },
                      ],
            remote_write,
        });
        return programs.startAs(
            name,
            "prometheus",
            [
                `--config.file=${config}`,
                `--storage.tsdb.path=${programs.data(`${name}-data`)}`,
                `--web.listen-address=127.0.0.1:${port}`,
                ...flags,
            ],
            `http://127.0.0.1:${port}/-/ready`,
        );
    }

    /** Moments of the samples that the hub has of a replica, in seconds, sorted. */
    async function moments(replica: string): Promise<number[]> {
        const query = encodeURIComponent(`up{cluster="edge",prometheus="edge",prometheus_replica="${replica}"}[10m]`);
        const answer: unknown = await (await fetch(`http://127.0.0.1:${hub}/api/v1/query?query=${query}`)).json();
        return records(at(answer, "data.result"))
            .flatMap(({ values }) => (Array.isArray(values) ? (values as [number, string][]) : []))
            .map(([moment]) => moment)
            .sort((x, y) => x - y);
    }

    const caughtUp = () =>
        until("the hub has caught up", async () => {
            const newest = await Promise.all(["a", "b"].map(async (replica) => (await moments(replica)).at(-1) ?? 0));
            return newest.every((moment) => Date.now() / 1000 - moment < 5 * INTERVAL);
        });

    const gaps = (all: readonly number[]) => all.slice(1).map((moment, i) => moment - (all[i] ?? 0));

    it("has every sample of who lived through it, each once", async () => {
        const back = Date.now() / 1000;
        await until("it has one of now", async () => ((await moments("b")).at(-1) ?? 0) > back);
        const kept = await moments("b");
        assert.equal(new Set(kept).size, kept.length, "none twice");
        assert.ok(Math.max(...gaps(kept)) < 3 * INTERVAL, `a gap of ${Math.max(...gaps(kept))} s`);
        assert.ok((kept[0] ?? Infinity) * 1000 - began < AWAY * 1000, "from the first on");
    });
});

/** Small, so that the link's absence reaches the log soon. */
const QUEUE = { queue_config: { capacity: 200, max_samples_per_send: 100, max_shards: 1, max_backoff: "1s" } };

/** In the place of the hub's ingest gateway, since Prometheus takes pushes by another path. */
function asReceiver(hub: number): Server {
    return createServer((push, answer) => {
        const { method, headers } = push;
        const on = request({ host: "127.0.0.1", port: hub, path: "/api/v1/write", method, headers }, (taken) => {
            answer.writeHead(taken.statusCode ?? 502);
            taken.pipe(answer);
        });
        on.on("error", () => answer.writeHead(502).end());
        push.pipe(on);
    });
}
