import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CANARY } from "../../components/traces/tempo/names";
import { parseGoYaml } from "../../tools/go-yaml";
import { at, record, records, strings } from "../../tools/records";
import { configFiles } from "../../tools/verify/configs/files";
import { freePorts } from "./ports";
import { portOf } from "./exporter";
import { Programs } from "./programs";
import { needsCharts, rendered } from "./rendered";
import { local, QUICK_INGESTER } from "./store-configs";
import { until } from "./until";

/*
 * The vulture with the flags of its Deployment, beside Tempo with the configuration that dev renders; addresses, folders
 * and waiting times alone are others. What is proven: the two understand each other, the canary finds nothing wrong
 * with a Tempo that is well, and says so when traces are lost.
 */

/** Every minute of the Deployment's takes seconds here. What comes later among flags counts. */
const SECONDS = [
    "-tempo-write-backoff-duration=2s",
    "-tempo-long-write-backoff-duration=3s",
    "-tempo-read-backoff-duration=500ms",
    "-tempo-search-backoff-duration=500ms",
];

/** The canary's names of its spans that metrics are made of, and the series of one. */
const [COUNTED_NAMES, SERIES_EACH] = [9, 19];

describe("the canary of traces, beside a real Tempo", () => {
    const folder = mkdtempSync(join(tmpdir(), "canary-"));
    const programs = new Programs(folder);
    let store: Server | undefined;
    let ports: Ports;
    let endTempo: () => Promise<void>;
    let config: Record<string, unknown>;

    before(async function () {
        needsCharts(this, ["tempo", "tempo-vulture"]);
        const model = await rendered("dev");
        const [http = 0, grpc = 0, otlp = 0, canary = 0] = await freePorts(4);
        store = await takesAnything();
        ports = { http, grpc, otlp, canary, store: portOf(store) };
        const file = configFiles(model).files.find(({ program, kind }) => program === "tempo" && kind === "main");
        config = onThisMachine(record(parseGoYaml(file?.text ?? "").value), programs, ports);
        endTempo = await startTempo(programs, config, ports);

        const pods = model.pods.find(({ name }) => name === CANARY);
        const [container] = records(pods?.spec.containers);
        // It writes for the nearest even second, which has to be another one each time.
        await sleep(2000 - (Date.now() % 2000));
        await programs.start(
            "tempo-vulture",
            [...strings(container?.args).map((flag) => flagHere(flag, ports)), ...SECONDS],
            `${local(canary)}/metrics`,
        );
    });

    after(async () => {
        await programs.stop();
        store?.close();
        rmSync(folder, { recursive: true, force: true });
    });

    it("finds each trace whole, by id and by search", async () => {
        const seen = await metricsOnce(ports.canary, (metrics) => valueOf(metrics, "tempo_vulture_trace_total") >= 12);
        deepEqual(errorsOf(seen), {});
        equal(valueOf(seen, "tempo_vulture_error_total"), 0);
    });

    it("is made into metrics, of a few of its names", async () => {
        const acknowledged = "prometheus_remote_storage_queue_highest_sent_timestamp_seconds";
        const metrics = await metricsOnce(ports.http, (text) => valueOf(text, acknowledged) > 0);
        const series = valueOf(metrics, "tempo_metrics_generator_registry_active_series");
        ok(series > 0 && series <= COUNTED_NAMES * SERIES_EACH, `${series} series`);
        const left = /^tempo_metrics_generator_spans_discarded_total\{.*span_metrics_filtered.*\} (\d+)/m.exec(metrics);
        ok(Number(left?.[1]) > 0);
    });

    it("tells of queries that fail, and of traces that are gone", async () => {
        await endTempo();
        const away = errorsOf(await metricsOnce(ports.canary, (metrics) => (errorsOf(metrics).requestfailed ?? 0) > 0));
        rmSync(join(folder, "tempo"), { recursive: true });
        await startTempo(programs, config, ports);
        await metricsOnce(
            ports.canary,
            (metrics) => (errorsOf(metrics).notfound_traceql ?? 0) > (away.notfound_traceql ?? 0),
        );
    });
});

interface Ports {
    readonly http: number;
    readonly grpc: number;
    readonly otlp: number;
    readonly canary: number;
    /** Where the metrics store would be. */
    readonly store: number;
}

function startTempo(programs: Programs, config: Record<string, unknown>, { http }: Ports) {
    programs.data("tempo");
    return programs.start("tempo", [`-config.file=${programs.file("tempo.yaml", config)}`], `${local(http)}/ready`);
}

/** A configuration of Tempo with folders in place of the object store, and addresses on loopback. */
function onThisMachine(
    config: Record<string, unknown>,
    programs: Programs,
    { http, grpc, otlp, store }: Ports,
): Record<string, unknown> {
    const data = programs.data("tempo");
    const { registry } = record(config.metrics_generator);
    return {
        ...config,
        server: {
            ...record(config.server),
            http_listen_address: "127.0.0.1",
            http_listen_port: http,
            grpc_listen_address: "127.0.0.1",
            grpc_listen_port: grpc,
        },
        distributor: { receivers: { otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${otlp}` } } } } },
        ingester: { ...record(config.ingester), ...QUICK_INGESTER },
        storage: {
            trace: { backend: "local", local: { path: join(data, "blocks") }, wal: { path: join(data, "wal") } },
        },
        overrides: { defaults: at(config, "overrides.defaults") },
        metrics_generator: {
            ...record(config.metrics_generator),
            registry: { ...record(registry), collection_interval: "1s" },
            storage: { path: join(data, "generator"), remote_write: [{ url: local(store) }] },
            traces_storage: { path: join(data, "generator-traces") },
        },
    };
}

/** A flag of the Deployment, its address replaced. */
function flagHere(flag: string, { http, otlp, canary }: Ports): string {
    const here: Readonly<Record<string, string>> = {
        "-prometheus-listen-address": `127.0.0.1:${canary}`,
        "-tempo-push-url": local(otlp),
        "-tempo-query-url": local(http),
    };
    const [name = "", value = ""] = flag.split("=", 2);
    return `${name}=${here[name] ?? value}`;
}

async function takesAnything(): Promise<Server> {
    const server = createServer((request, response) => {
        request.resume();
        request.on("end", () => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
}

/** The metrics of a program as soon as they are as wished. */
async function metricsOnce(port: number, wished: (metrics: string) => boolean): Promise<string> {
    let metrics = "";
    const canary = () => metrics.split("\n").filter((line) => line.startsWith("tempo_vulture"));
    await until(
        "its metrics are as wished",
        async () => {
            metrics = await (await fetch(`${local(port)}/metrics`)).text();
            return wished(metrics) || canary().join(", ");
        },
        500,
    );
    return metrics;
}

/** A metric's only sample; 0 where there is none yet. */
function valueOf(metrics: string, name: string): number {
    return Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)`, "m").exec(metrics)?.[1] ?? 0);
}

/** What the canary has found wrong, by kind. */
function errorsOf(metrics: string): Readonly<Record<string, number>> {
    const all = metrics.matchAll(/^tempo_vulture_trace_error_total\{error="(\w+)"\} (\d+)/gm);
    return Object.fromEntries(
        [...all].map(([, kind = "", count]) => [kind, Number(count)] as const).filter(([, n]) => n > 0),
    );
}
