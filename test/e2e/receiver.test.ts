import { equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { BEFORE_QUEUE } from "../../components/collectors/k8s-monitoring/queue";
import { configFiles } from "../../tools/verify/configs/files";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { needsCharts, rendered } from "./rendered";
import { local } from "./store-configs";
import { until } from "./until";

/*
 * Prod's receiver on this machine, as Helm renders it: without the API server that it asks about pods, and with a smaller
 * queue. What stands for Loki keeps the numbers of the lines that it is sent.
 */

const MIB = 2 ** 20;
const QUEUE = 16 * MIB;
/** Lines of a push, about a kilobyte each. */
const LINES = 100;

describe("prod's receiver, with Loki away", () => {
    const folder = mkdtempSync(join(tmpdir(), "receiver-"));
    const programs = new Programs(folder);
    const kept = new Set<number>();
    const file = join(folder, "otlp-queue", "exporter_otlp_http_otelcol.exporter.otlphttp.pushed_logs_logs");
    let loki: Server | undefined;
    let lokiPort: number;
    let ports: { http: number; otlp: number };
    let start: () => Promise<() => Promise<void>>;
    let accepted = 0;

    before(async function () {
        needsCharts(this, ["alloy"]);
        const [http = 0, otlp = 0, store = 0, ...others] = await freePorts(9);
        ports = { http, otlp };
        lokiPort = store;
        const { files } = configFiles(await rendered("prod"));
        const found = files.find(({ holder }) => holder.object.metadata.name === "k8s-monitoring-alloy-receiver");
        ok(found !== undefined, "prod renders no receiver");
        const config = programs.file("receiver.alloy", onThisMachine(found.text, { folder, otlp, store, others }));
        programs.data("otlp-queue");
        const args = [`--storage.path=${programs.data("alloy")}`, `--server.http.listen-addr=127.0.0.1:${http}`];
        const all = ["run", ...args, "--disable-reporting", "--stability.level=public-preview", config];
        start = () => programs.start("alloy", all, `${local(http)}/-/ready`);
    });

    after(async () => {
        await programs.stop();
        loki?.close();
        rmSync(folder, { recursive: true, force: true });
    });

    it("lets senders wait when its queue is full, and sends what is in it after a kill", async () => {
        const kill = await start();
        await untilFull();
        const full = statSync(file).size;
        ok(accepted * 1000 > QUEUE / 2, `only ${accepted} lines fitted`);
        await kill();

        loki = collect(kept).listen(lokiPort, "127.0.0.1");
        await start();
        // A batch that waits for the queue, the next that grows meanwhile, and pushes on their way to them.
        const held = 2 * (BEFORE_QUEUE.last.size + LINES) + 2 * (availableParallelism() + 1) * LINES;
        await until(`${accepted} lines but ${held} are sent`, () => kept.size >= accepted - held);
        console.log(`      accepted ${accepted}, kept ${kept.size}`);
        await until("its disk is given back", () => statSync(file).size < full / 4);
    });

    it("counts metrics of delta temporality, and keeps the others of the same push", async () => {
        const point = { asInt: "5", timeUnixNano: `${Date.now()}000000` };
        const sum = (name: string, aggregationTemporality: number) => ({
            name,
            sum: { aggregationTemporality, isMonotonic: true, dataPoints: [point] },
        });
        const scopeMetrics = [{ metrics: [sum("orders", 1), sum("visits", 2)] }];
        equal(await push("/v1/metrics", { resourceMetrics: [{ resource: {}, scopeMetrics }] }), 200);
        const dropped = "otelcol_processor_filter_datapoints_filtered_total";
        await until("the dropped one is counted", async () => (await metric(dropped)) === 1);
        await until("the other is queued", async () => (await metric("otelcol_exporter_queue_size", "metrics")) > 0);
    });

    async function untilFull(): Promise<void> {
        // A push that is not answered was not accepted, whatever becomes of it; on a slow machine the queue may have room yet.
        for (let waited = 0; waited < 3;) {
            const first = accepted;
            const lines = Array.from({ length: LINES }, (_, i) => ({
                timeUnixNano: `${Date.now()}000000`,
                body: { stringValue: `line-${first + i}-`.padEnd(1000, "x") },
            }));
            const status = await push("/v1/logs", {
                resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords: lines }] }],
            });
            if (status === 200) accepted += LINES;
            else if ((await metric("otelcol_exporter_queue_size")) > QUEUE * 0.8) waited += 1;
            ok(status === 200 || status === undefined, `a full queue is no fault of the sender: ${status}`);
        }
    }

    /** Undefined where no answer comes. */
    async function push(path: string, body: object): Promise<number | undefined> {
        try {
            const answer = await fetch(`${local(ports.otlp)}${path}`, {
                method: "POST",
                headers: { "content-type": "application/json" },
                body: JSON.stringify(body),
                signal: AbortSignal.timeout(2000),
            });
            return answer.status;
        } catch (error) {
            if (error instanceof Error && error.name === "TimeoutError") return undefined;
            throw error;
        }
    }

    /** Its own metric, of what is pushed of one signal where it has one for each. */
    async function metric(name: string, signal: "logs" | "metrics" = "logs"): Promise<number> {
        const answer = await (await fetch(`${local(ports.http)}/metrics`)).text();
        const lines = answer.split("\n").filter((line) => line.startsWith(name));
        const line = lines.find(
            (each) =>
                !each.includes("data_type=") ||
                (each.includes(`pushed_${signal}`) && each.includes(`data_type="${signal}"`)),
        );
        return Number(line?.split(" ").at(-1) ?? Number.NaN);
    }
});

function collect(kept: Set<number>): Server {
    return createServer((request, response) => {
        const body = request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
        void text(body).then((sent) => {
            for (const [, number] of sent.matchAll(/line-(\d+)-/g)) kept.add(Number(number));
            response.writeHead(200).end();
        });
    });
}

interface Here {
    readonly folder: string;
    readonly otlp: number;
    readonly store: number;
    readonly others: readonly number[];
}

function onThisMachine(config: string, { folder, otlp, store, others }: Here): string {
    const free = [...others];
    const changes: [RegExp, (whole: string, part: string) => string][] = [
        [/0\.0\.0\.0:(\d+)/g, (_, port) => `127.0.0.1:${port === "4318" ? otlp : free.pop()}`],
        [/\/var\/lib\/alloy/g, () => folder],
        [/http:\/\/loki-gateway\.loki\.svc\.cluster\.local/g, () => local(store)],
        [/queue_size = \d+/g, () => `queue_size = ${QUEUE}`],
        [/(rebound_needed_threshold_mib +=) \d+/g, (_, key) => `${key} 2`],
        [/(rebound_trigger_threshold_mib =) \d+/g, (_, key) => `${key} 1`],
        [/^ {2}otelcol\.processor\.k8sattributes "default" \{[\s\S]*?^ {2}\}\n/gm, () => ""],
        [/otelcol\.processor\.k8sattributes\.default\.input/g, () => "otelcol.processor.transform.default.input"],
    ];
    return changes.reduce((before, [from, to]) => {
        const after = before.replace(from, to);
        ok(after !== before, `the receiver's configuration has no ${from.source}`);
        return after;
    }, config);
}
