import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pushPaths } from "../../../components/ingest-gateway/nginx";
import { UsageError } from "../../../tools/command";
import { doorsOf, PATHS } from "../../../tools/load/door";
import { drive, quantile, type Measured } from "../../../tools/load/drive";
import { readRates } from "../../../tools/load/main";
import { metricsSource, SIGNALS, type Push } from "../../../tools/load/signals";
import { gaveIn, steps, type Rates } from "../../../tools/load/steps";
import { logStore, metricsStore, traceStore } from "../../fixtures/stores";

interface Pushed {
    readonly path: string | undefined;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
}

/**
 * A stack's door: what it was sent, and how it answers.
 * @param held where answers are kept until they are called.
 */
async function door(answer: (nth: number) => { status: number; text?: string }, held?: (() => void)[]) {
    const seen: Pushed[] = [];
    const server: Server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
            const { url: path, headers } = request;
            const { status, text } = answer(seen.push({ path, headers, body: Buffer.concat(chunks) }));
            const reply = () => response.writeHead(status).end(text);
            if (held === undefined) reply();
            else held.push(reply);
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
        seen,
        to,
        close: () => {
            server.closeAllConnections();
            server.close();
        },
    };
}

async function held(
    answer: Parameters<typeof door>[0],
    rates: Rates,
    given: { seconds: number; slow?: number; knee?: boolean; tenant?: string; user?: string },
) {
    const { seen, to, close } = await door(answer);
    try {
        const { seconds, slow = 30_000, knee = false, ...who } = given;
        const doors = doorsOf({ to: [to], ...who }, SIGNALS);
        return { done: await steps({ rates, doors, run: "a1", seconds, slow, knee }), seen };
    } finally {
        close();
    }
}

/** Makes an empty push, and computes for so many milliseconds. */
function slowly(milliseconds: number): () => Push {
    return () => {
        for (const end = performance.now() + milliseconds; performance.now() < end;);
        return { body: Buffer.alloc(0), records: 1, bytes: 0 };
    };
}

const count = (body: Buffer, text: string) => body.toString("latin1").split(text).length - 1;

describe("npm run load", () => {
    it("pushes all three signals at the rate, to the paths of the gateway, as who it is told to be", async () => {
        process.env.LOAD_PASSWORD = "secret";
        const rates = { series: 300, interval: 0.5, lines: 400, spans: 192 };
        const given = { seconds: 0.5, tenant: "shop", user: "edge" };
        const { done, seen } = await held(() => ({ status: 204 }), rates, given);
        delete process.env.LOAD_PASSWORD;
        const taken = Object.fromEntries(SIGNALS.map((signal) => [signal, 0]));
        for (const { path, headers, body } of seen) {
            assert.equal(headers["x-scope-orgid"], "shop");
            assert.equal(headers.authorization, `Basic ${Buffer.from("edge:secret").toString("base64")}`);
            const signal = SIGNALS.find((each) => PATHS[each] === path) ?? assert.fail(path);
            const mark = { metrics: "__name__", logs: "level=", traces: "http.request.method" }[signal];
            taken[signal] = (taken[signal] ?? 0) + count(body, mark);
        }
        assert.deepEqual(taken, { metrics: 300, logs: 200, traces: 96 });
        assert.deepEqual(
            done.flatMap(({ measured }) => measured.map(({ refused, unsent, offered }) => [refused, unsent, offered])),
            [600, 400, 192].map((offered) => [{}, 0, offered]),
        );
    });

    it("gives every series one sample in each interval, with its own labels", async () => {
        const { seen } = await held(() => ({ status: 200 }), { series: 100, interval: 0.5 }, { seconds: 1 });
        const pods = new Set<string>();
        for (const { body } of seen) {
            for (const [, name, pod] of body
                .toString("latin1")
                .matchAll(/(load_requests_\d+_total)[^]*?(server-\d+-7)/g))
                pods.add(`${name} ${pod}`);
        }
        assert.equal(pods.size, 100);
        assert.equal(
            seen.reduce((sum, { body }) => sum + count(body, "__name__"), 0),
            200,
        );
    });

    it("sends no sample of a series before the one before it was answered", async () => {
        const held: (() => void)[] = [];
        const { to, close } = await door(() => ({ status: 200 }), held);
        const at = doorsOf({ to: [to] }, ["metrics"]).get("metrics") ?? assert.fail("no door");
        // All series in one push, which is due three times in half a second.
        const source = metricsSource("a1", 2, 0.2);
        const started = performance.now();
        const driven = drive({ signal: "metrics", source, door: at }, 0.5);
        let most = 0;
        for (let answered = 0; answered < 3; await new Promise((resolve) => setImmediate(resolve))) {
            most = Math.max(most, held.length);
            // The first answer comes when all three are due.
            if (performance.now() - started < 500 || held.length === 0) continue;
            held.shift()?.();
            answered++;
        }
        assert.deepEqual([(await driven).taken, most], [6, 1]);
        close();
    });

    it("goes on with more until something refuses, and says who, what and with which words", async () => {
        // Between the pushes of 150 lines a second and those of 225, which are a quarter of a second's.
        const limit = 45;
        const { to, close } = await door(() => ({ status: 204 }));
        const limited = createServer((request, response) => {
            let body = Buffer.alloc(0);
            request.on("data", (chunk: Buffer) => (body = Buffer.concat([body, chunk])));
            request.on("end", () => {
                const refuse = count(body, "level=") > limit;
                response.writeHead(refuse ? 429 : 204).end(refuse ? "ingestion rate limit exceeded" : "");
            });
        });
        await new Promise<void>((resolve) => limited.listen(0, "127.0.0.1", resolve));
        const logs = `logs=http://127.0.0.1:${(limited.address() as AddressInfo).port}/push`;
        const doors = doorsOf({ to: [to, logs] }, SIGNALS);
        const search = { rates: { interval: 1, lines: 100, spans: 80 }, doors, run: "a1", slow: 30_000, knee: true };
        const done = await steps({ ...search, seconds: 0.5 });
        close();
        limited.closeAllConnections();
        limited.close();
        assert.deepEqual(
            done.map(({ factor }) => factor),
            [1, 1.5, 2.25],
        );
        const [gave, ...others] = done.at(-1)?.gave ?? [];
        assert.deepEqual(others, []);
        assert.equal(gave?.what, "logs");
        assert.match(gave.why, /^429 to 100\.0 % of the lines, from second \d+\.\d on: ingestion rate limit exceeded$/);
    });

    it("counts from when a push was due: what stands still is seen in all that came meanwhile", async () => {
        const { to, close } = await door(() => ({ status: 200 }));
        const at = doorsOf({ to: [to] }, ["logs"]).get("logs") ?? assert.fail("no door");
        // Due each 25 ms, and twice as long in the making: the tenth is a quarter of a second late.
        const source = { unit: "lines", period: 0.025, batch: 1, next: slowly(50) };
        const measured = await drive({ signal: "logs", source, door: at }, 0.25);
        close();
        assert.ok(measured.p50 >= 150 && measured.p99 >= 250, JSON.stringify(measured));
        const late = gaveIn([measured], { slow: 200, seconds: 0.25, busy: 0 });
        assert.match(late[0]?.why ?? "", /answered after \d+ ms/);
    });

    it("says where nobody answers", async () => {
        const { to, close } = await door(() => ({ status: 200 }));
        close();
        const doors = doorsOf({ to: [to] }, ["logs"]);
        const [step] = await steps({
            ...{ rates: { interval: 1, lines: 10 }, doors, run: "a1", seconds: 0.3, slow: 1000, knee: true },
        });
        assert.match(step?.gave[0]?.why ?? "", /^no answer to 100.0 % of the lines, .*: ECONNREFUSED$/);
    });

    it("takes what is late for its own fault where it had no time", () => {
        const late: Measured = {
            ...{
                signal: "metrics",
                unit: "samples",
                offered: 100,
                taken: 50,
                accepted: 50,
                bytes: 1,
                refused: {},
                said: {},
            },
            ...{ refusedAfter: undefined, unsent: 50, p50: 1, p99: 1 },
        };
        const of = (busy: number) => gaveIn([late], { slow: 1000, seconds: 1, busy }).map(({ what }) => what);
        assert.deepEqual([of(0.5), of(0.95)], [["metrics"], ["generator"]]);
    });

    it("knows quantiles of few and of none", () => {
        assert.deepEqual([quantile([], 0.5), quantile([7], 0.99), quantile([1, 2, 3, 4], 0.5)], [0, 7, 3]);
    });

    it("has the paths of the ingest gateway", () => {
        const gateway = Object.keys(pushPaths({ metricsStore, logStore, traceStore }));
        for (const path of Object.values(PATHS)) assert.ok(gateway.includes(path), path);
    });

    it("refuses what it cannot do, all at once", () => {
        const given = { interval: "15s", for: "1m", slow: "1s" };
        const refused = (run: () => unknown, ...lines: RegExp[]) => {
            assert.throws(run, (error) => {
                assert.ok(error instanceof UsageError);
                const told = error.message.split("\n");
                assert.equal(told.length, lines.length, error.message);
                for (const [i, line] of lines.entries()) assert.match(told[i] ?? "", line);
                return true;
            });
        };
        refused(() => readRates(given), /^nothing to push: give one or more of --series/);
        refused(
            () => readRates({ ...given, series: "many", lines: "0", interval: "1", slow: "1m" }),
            /^--series many: allowed is a number/,
            /^--lines 0: allowed/,
            /^--interval 1: allowed is a number with ms/,
            /^--slow 1m: at most 30s/,
        );
        refused(() => readRates({ ...given, series: "10", for: "10s" }), /^--for 10s: not every series/);
        refused(() => doorsOf({ to: [] }, ["logs"]), /^no address for logs/);
        // A login is no part of an address, and is not repeated.
        refused(
            () => doorsOf({ to: ["http://u:hunter2@a.example.com"] }, ["logs"]),
            /^(?!.*hunter2)--to .*no login in it/,
        );
        refused(
            () => doorsOf({ to: ["push.example.com"], user: "edge", passwordFile: undefined }, ["logs"]),
            /^--to push.example.com: allowed is http/,
            /^--user edge has no password/,
        );
    });
});
