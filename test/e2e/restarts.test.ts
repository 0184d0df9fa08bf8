import { equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { COLLECTOR_NAMES, RECEIVER_PORTS } from "../../components/collectors/k8s-monitoring/names";
import { toSamplers } from "../../components/collectors/k8s-monitoring/sampling";
import { k8sMonitoringDefaults } from "../../components/collectors/k8s-monitoring/settings";
import { TENANT_HEADER } from "../../components/contracts/tenancy";
import { mergeValues } from "../../components/kubernetes/merge-values";
import { platformOf } from "../fixtures/platform";
import { logStore, metricsStore, traceStore } from "../fixtures/stores";
import { arrived, askedAs } from "./asked";
import { collector, replaceBlock, withoutPods, type Collector, type StoresHere } from "./collectors";
import { CONTROL_PLANE, stagesFile, startControlPlane, type ControlPlane } from "./control-plane";
import { freePorts } from "./ports";
import { Kubectl } from "./kubectl";
import { readingPods, writeLines } from "./pod-files";
import { Programs } from "./programs";
import { http, logRecords, points, spans, type Encode } from "./pushes";
import { needsCharts, rendered } from "./rendered";
import { cortexConfig, local, lokiConfig, tempoConfig } from "./store-configs";

/*
 * Every sender with something to send and no store to send it to, killed without a warning, and started again once the
 * stores are there: what arrives, and what the documentation says that is lost.
 */

/** The tenant that prod's configurations name. */
const TENANT = "prod";
const { samples, lines, traces } = askedAs(TENANT);
const COUNT = 20;
/** Lines of 1 kB in a pod's file, and how many of them Alloy sends at once: 1 MiB. */
const LINES = 3000;
const BATCH_OF_LINES = 1100;
/** Longer than Alloy and Prometheus keep in memory where they are, and what they have not written to disk yet. */
const SETTLED = 12_000;

const PUSHED: readonly (readonly [path: string, encode: Encode])[] = [
    ["/v1/metrics", points],
    ["/v1/logs", logRecords],
    ["/v1/traces", spans],
];
const SPANS = PUSHED.slice(-1);

describe("senders that are killed while the stores are away, and started again", () => {
    const folder = mkdtempSync(join(tmpdir(), "restarts-"));
    const programs = new Programs(folder);
    let cluster: ControlPlane | undefined;
    let target: Server | undefined;
    let ports: readonly number[];

    before(async function () {
        needsCharts(this, ["alloy", "prometheus", "cortex", "loki", "tempo", ...CONTROL_PLANE]);
        const model = await rendered("prod");
        cluster = await startControlPlane(join(folder, "cluster"), 1, 1, stagesFile());
        const { kubeconfig } = cluster;
        ports = await freePorts(10);
        const [cortex = 0, loki = 0, , tempo = 0, scraped = 0, prometheus = 0] = ports;
        const stores: StoresHere = { cortex, loki, tempo };
        target = await exporter(scraped);
        const pods = join(folder, "pods");
        writeLines(pods, LINES);
        const [receiver, events, logs, metrics] = await Promise.all([
            collector(programs, model, COLLECTOR_NAMES.receiver, stores, withoutPods),
            collector(programs, model, COLLECTOR_NAMES.events, stores, (config) => watching(config, kubeconfig)),
            collector(programs, model, COLLECTOR_NAMES.logs, stores, (config) => readingPods(config, pods)),
            collector(programs, model, COLLECTOR_NAMES.metrics, stores, (config) => scraping(config, scraped)),
        ]);
        // The same receiver, with the way to samplers: none of them is there, then one, for which Tempo stands.
        const nobody = 'dns {\nhostname = "samplers.invalid"\n}\n';
        const sampler = `static {\nhostnames = ["127.0.0.1:${tempo}"]\n}\n`;
        const sampling = (resolver: string) =>
            collector(
                programs,
                model,
                COLLECTOR_NAMES.receiver,
                stores,
                (config) => toSampler(config, resolver),
                "sampling",
            );
        const senders = [receiver, events, logs, metrics].map(({ start }) => start);
        const all = [...senders, () => startPrometheus(programs, prometheus, scraped, cortex)];
        const before = await sampling(nobody);
        const started = await Promise.all([before.start, ...all].map((start) => start()));
        const began = Date.now();
        await push(receiver, "unsent", PUSHED);
        await push(before, "unsampled", SPANS);
        emit(new Kubectl(kubeconfig));
        await sleep(Math.max(0, SETTLED - (Date.now() - began)));
        for (const kill of started) await kill();
        lastUnsent = Date.now() / 1000;
        await startStores(programs, ports);
        await Promise.all([(await sampling(sampler)).start, ...all].map((start) => start()));
    });

    after(async () => {
        await programs.stop();
        cluster?.stop();
        target?.close();
        rmSync(folder, { recursive: true, force: true });
    });

    /** When the senders were killed. */
    let lastUnsent = 0;

    it("a receiver sends what applications had pushed: samples, lines and spans", async () => {
        equal(await arrived(() => samples(ports[0], '{__name__=~"pushed_.+", job="unsent"}'), COUNT), COUNT);
        equal(await arrived(() => lines(ports[1], '{service_name="unsent"}'), COUNT), COUNT);
        equal(await arrived(() => traces(ports[2], "unsent"), COUNT), COUNT);
    });

    it("a receiver with no sampler keeps the spans until there is one", async () => {
        equal(await arrived(() => traces(ports[2], "unsampled"), COUNT), COUNT);
    });

    it("the collector of events sends all that the API server still has, each once", async () => {
        const query = '{source="kubernetes-events", reason="Unsent"}';
        equal(await arrived(() => lines(ports[1], query), COUNT), COUNT);
        await sleep(2000);
        equal(await lines(ports[1], query), COUNT);
    });

    it("the collector of a node goes on in the files where it stopped, and loses the batch that it held at most", async () => {
        const there = () => lines(ports[1], '{namespace="shop", container="main"}');
        const last = () => lines(ports[1], `{namespace="shop", container="main"} |= "line ${LINES - 1} "`);
        equal(await arrived(last, 1), 1, "it does not go on");
        const lost = LINES - (await there());
        console.log(`      lost: ${lost} of ${LINES} lines of 1 kB`);
        ok(lost <= BATCH_OF_LINES, `${lost} lines`);
    });

    for (const [sender, metric] of [
        ["a collector of metrics", "scraped_by_alloy"],
        ["Prometheus", "scraped_by_prometheus"],
    ] as const) {
        it(`${sender} sends what it scraped since, and nothing of before`, async () => {
            const since = () => samples(ports[0], metric);
            equal((await arrived(since, 1)) >= 1, true, "nothing comes");
            equal(await samples(ports[0], metric, lastUnsent), 0);
        });
    }
});

async function startStores(programs: Programs, ports: readonly number[]): Promise<void> {
    const [cortex = 0, loki = 0, tempo = 0, spansPort = 0, , , ...more] = ports;
    const [first = 0, second = 0, third = 0, otlp = 0] = more;
    const none = { otlp, prometheus: 1 };
    const receivers = { otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${spansPort}` } } } };
    const configs = {
        cortex: cortexConfig(programs, { http: cortex, grpc: first, ...none }),
        loki: lokiConfig(programs, { http: loki, grpc: second }),
        tempo: mergeValues(tempoConfig(programs, { http: tempo, grpc: third, ...none }), {
            distributor: { receivers },
        }),
    };
    const here = { cortex, loki, tempo };
    await Promise.all(
        (["cortex", "loki", "tempo"] as const).map((store) => {
            const file = programs.file(`${store}.yaml`, configs[store]);
            return programs.start(store, [`-config.file=${file}`], `${local(here[store])}/ready`);
        }),
    );
}

function startPrometheus(programs: Programs, port: number, scraped: number, cortex: number) {
    const config = {
        global: { scrape_interval: "1s" },
        remote_write: [{ url: `${local(cortex)}/api/v1/push`, headers: { [TENANT_HEADER]: TENANT } }],
        scrape_configs: [
            {
                job_name: "prometheus",
                static_configs: [{ targets: [`127.0.0.1:${scraped}`] }],
                metric_relabel_configs: [{ target_label: "__name__", replacement: "scraped_by_prometheus" }],
            },
        ],
    };
    const args = [
        `--config.file=${programs.file("prometheus.yaml", config)}`,
        `--storage.tsdb.path=${programs.data("prometheus")}`,
        `--web.listen-address=127.0.0.1:${port}`,
    ];
    return programs.start("prometheus", args, `${local(port)}/-/ready`);
}

/** A program with one metric. */
async function exporter(port: number): Promise<Server> {
    const server = createServer((_, answer) => {
        answer.setHeader("content-type", "text/plain; version=0.0.4").end("scraped_by_alloy 1\n");
    });
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    return server;
}

async function push(receiver: Collector, name: string, what: typeof PUSHED): Promise<void> {
    for (const [path, encode] of what) {
        const send = http(path, { "content-type": "application/x-protobuf" });
        const { taken, said } = await send(receiver.port(RECEIVER_PORTS.otlpHttp), encode(name, COUNT, Date.now()));
        equal(taken, true, said);
    }
}

/** With the exporter to samplers in the place of that to Tempo, as tail sampling has it. */
function toSampler(config: string, resolver: string): string {
    const defaults = k8sMonitoringDefaults("zone");
    const settings = { ...defaults, tailSampling: { ...defaults.tailSampling, enabled: true } };
    const stores = { logStore, metricsStore, traceStore };
    const args = { platform: platformOf("zone"), settings, scrapedByPrometheus: [], ...stores };
    const [exporter] = toSamplers(args);
    const block = `otelcol.exporter.loadbalancing "traces" {\n${exporter?.content ?? ""}}\n`;
    return replaceBlock(
        withoutPods(config),
        'otelcol.exporter.otlp "traces"',
        replaceBlock(block, "kubernetes", resolver),
    ).replaceAll("otelcol.exporter.otlp.traces.input", "otelcol.exporter.loadbalancing.traces.input");
}

/** Watches the events of this API server. */
function watching(config: string, kubeconfig: string): string {
    return replaceBlock(replaceBlock(config, 'loki.rules.kubernetes "log_rules"', ""), "clustering", "").replace(
        /loki\.source\.kubernetes_events .*/,
        (begin) => `${begin}\nclient {\nkubeconfig_file = "${kubeconfig}"\n}`,
    );
}

function emit(kubectl: Kubectl): void {
    const events = Array.from({ length: COUNT }, (_, i) => {
        const [name, namespace, time] = [`shop-${i}`, "default", new Date().toISOString()];
        return {
            apiVersion: "v1",
            kind: "Event",
            metadata: { name, namespace },
            involvedObject: { kind: "Pod", name, namespace },
            ...{ reason: "Unsent", type: "Normal", count: 1, firstTimestamp: time, lastTimestamp: time },
        };
    });
    kubectl.apply({ apiVersion: "v1", kind: "List", items: events });
}

/** Scrapes one target, whatever its annotations. */
function scraping(config: string, port: number): string {
    const scrape = `prometheus.scrape "here" {
  targets = [{ "__address__" = "127.0.0.1:${port}" }]
  scrape_interval = "1s"
  scrape_timeout = "1s"
  forward_to = [prometheus.remote_write.metrics.receiver]
}
`;
    const destination = replaceBlock(config, 'declare "annotation_autodiscovery"', scrape);
    return replaceBlock(destination, 'annotation_autodiscovery "feature"', "");
}
