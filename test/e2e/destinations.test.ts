import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COLLECTOR_NAMES, RECEIVER_PORTS } from "../../components/collectors/k8s-monitoring/names";
import { collector, withoutPods, type Collector } from "./collectors";
import { freePorts } from "./ports";
import { Taker } from "./otlp-taker";
import { Programs } from "./programs";
import { needsCharts, renderedWith } from "./rendered";
import { local } from "./store-configs";
import { until } from "./until";

/*
 * Prod's receiver with two further destinations, as Helm renders it, of which one is away. What stands for each store and
 * destination keeps the numbers of the lines that it is sent.
 */

const DESTINATIONS = [
    { name: "taker", kind: "otlp", url: "https://taker.example.com" },
    { name: "away", kind: "otlp", url: "https://away.example.com", queue: "32Mi" },
].map((each) => ({ ...each, signals: ["logs"], auth: { kind: "header", header: "x-key", secret: each.name } }));

/** The queue of the one that is away, here. */
const QUEUE = 4 * 2 ** 20;
/** Lines of a push, about a kilobyte each; all together three times the queue. */
const LINES = 500;
const ALL = 24 * LINES;

describe("a receiver with a further destination that is away", () => {
    const folder = mkdtempSync(join(tmpdir(), "destinations-"));
    const programs = new Programs(folder);
    const [own, taker, away] = [new Taker(), new Taker(), new Taker()];
    let receiver: Collector;
    let kill: () => Promise<void>;
    let ports: { own: number; taker: number; away: number };

    before(async function () {
        needsCharts(this, ["alloy"]);
        const model = await renderedWith("prod", {
            "observability:k8sMonitoring": JSON.stringify({ destinations: DESTINATIONS }),
        });
        const [first = 0, second = 0, third = 0, unused = 0] = await freePorts(4);
        ports = { own: first, taker: second, away: third };
        process.env.DESTINATION_TAKER_VALUE = "a-key";
        await Promise.all([own.listen(ports.own), taker.listen(ports.taker)]);
        const stores = { cortex: unused, loki: ports.own, tempo: unused };
        receiver = await collector(programs, model, COLLECTOR_NAMES.receiver, stores, (config) =>
            here(withoutPods(config)),
        );
        kill = await receiver.start();
        for (let sent = 0; sent < ALL; sent += LINES) equal(await push(sent), 200);
    });

    after(async () => {
        delete process.env.DESTINATION_TAKER_VALUE;
        await programs.stop();
        for (const each of [own, taker, away]) each.close();
        rmSync(folder, { recursive: true, force: true });
    });

    it("sends the stack's own store and the other destination everything, at once", async () => {
        await until("all lines are in the stack's own store", () => own.lines.size === ALL);
        await until("all lines are at the other destination", () => taker.lines.size === ALL);
    });

    it("shows a destination the credential of its Secret, and nobody else", () => {
        equal(taker.headers?.["x-key"], "a-key");
        equal(own.headers?.["x-key"], undefined);
    });

    it("tells what it drops for the one that is away, and of that one alone", async () => {
        const dropped = "otelcol_exporter_enqueue_failed_log_records_total";
        const exporters = (await metrics(dropped)).filter(([, value]) => value > 0).map(([exporter]) => exporter);
        deepEqual(exporters, ["otlp_http/otelcol.exporter.otlphttp.to_away"]);
        const waiting = (await metrics("otelcol_exporter_queue_size", 'data_type="logs"')).filter(
            ([, size]) => size > 0,
        );
        deepEqual(
            waiting.map(([exporter]) => exporter),
            exporters,
        );
    });

    it("goes on with what waits for it after a kill, once it is there", async () => {
        await kill();
        await away.listen(ports.away);
        await receiver.start();
        // Half of the queue's bytes, at a kilobyte a line.
        await until("what was in the queue is sent", () => away.lines.size > QUEUE / 2 / 1024);
        ok(away.lines.size < ALL, "a queue that is bounded holds less than all");
    });

    function here(config: string): string {
        const changes: [string, string][] = [
            ["https://taker.example.com", local(ports.taker)],
            ["https://away.example.com", local(ports.away)],
            [`queue_size = ${32 * 2 ** 20}`, `queue_size = ${QUEUE}`],
        ];
        return changes.reduce((before, [from, to]) => {
            ok(before.includes(from), `the receiver's configuration has no ${from}`);
            return before.replaceAll(from, to);
        }, config);
    }

    async function push(first: number): Promise<number> {
        const logRecords = Array.from({ length: LINES }, (_, i) => ({
            timeUnixNano: `${Date.now()}000000`,
            body: { stringValue: `line-${first + i}-`.padEnd(1000, "x") },
        }));
        const answer = await fetch(`${local(receiver.port(RECEIVER_PORTS.otlpHttp))}/v1/logs`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords }] }] }),
            signal: AbortSignal.timeout(30_000),
        });
        return answer.status;
    }

    /** A metric of the receiver's exporters, by the exporter. */
    async function metrics(name: string, more = ""): Promise<[string, number][]> {
        const answer = await (await fetch(`${local(receiver.own)}/metrics`)).text();
        return answer
            .split("\n")
            .filter((line) => line.startsWith(`${name}{`) && line.includes(more))
            .map((line) => [/exporter="([^"]*)"/.exec(line)?.[1] ?? "", Number(line.split(" ").at(-1))]);
    }
});
