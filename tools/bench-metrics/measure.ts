import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "../../test/e2e/ports";
import { Programs } from "../../test/e2e/programs";
import { local } from "../../test/e2e/store-configs";
import { push, type Door } from "../load/door";
import { quantile } from "../load/drive";
import type { ClusterModel } from "../verify/cluster-model";
import { Ingest } from "./ingest";
import { costOf, type Cost } from "./kills";
import { cpuBetween, sum, usedBy } from "./processes";
import { asked, QUESTIONS } from "./queries";
import { answerOf, compared, expressionsOf, seriesFor, writesOf, type Answer, type Verdict } from "./rules";
import { fetched, HEADERS, START, type Kind, type Store } from "./stores";

/** Series and samples of each; the oldest first, so that time goes on from one to the next. */
export interface Size {
    readonly series: number;
    readonly samples: number;
    /** Seconds between two samples of a series. */
    readonly interval: number;
}

export interface Taken {
    readonly series: number;
    readonly samples: number;
    /** CPU seconds for a million samples, of all of the store's processes, and of each. */
    readonly cpu: number;
    readonly by: Readonly<Record<string, number>>;
}

export interface Latency {
    /** Milliseconds. */
    readonly p50: number;
    readonly p99: number;
    /** CPU milliseconds of a query, of all of the store's processes. */
    readonly cpu: number;
}

/** What was measured of one store. */
export interface Measured {
    readonly name: string;
    readonly taken: readonly Taken[];
    /** The same of what a pair of senders sends, for a million samples of one of them. */
    readonly pair: number;
    /** Bytes of resident memory of all of the store's processes, with the most series. */
    readonly memory: number;
    /** Bytes of one copy of a sample of the first size, index included, once it is kept. */
    readonly bytes: number;
    readonly hot: Latency;
    readonly stored: Latency;
    readonly kills: Readonly<Record<string, Cost>>;
    /** How many of the rules' expressions are answered as by Prometheus, and examples of those that are not. */
    readonly verdicts: Readonly<Record<Verdict, number>>;
    readonly differing: readonly { readonly expr: string; readonly verdict: Verdict }[];
}

export interface Wanted {
    readonly name: string;
    readonly kind: Kind;
    readonly model: ClusterModel;
    readonly sizes: readonly Size[];
    /** Times that each query is asked. */
    readonly asks: number;
    readonly told: (what: string) => void;
}

const REMOTE_WRITE = {
    "content-type": "application/x-protobuf",
    "content-encoding": "snappy",
    "x-prometheus-remote-write-version": "0.1.0",
};
/** Seconds for which the samples of the past begin before now: half of them older than what Cortex' ingesters are asked. */
const HISTORY = 26 * 3600;
/** Seconds after which every store shows what it has taken: VictoriaMetrics hides the last thirty. */
const SHOWN = 40;
/** Samples of each of the rules' series. */
const RULE_SAMPLES = 60;

/** Starts a store, measures it and ends it. The object store's processes are not the store's. */
export async function measure({ name, kind, model, sizes, asks, told }: Wanted): Promise<Measured> {
    const folder = mkdtempSync(join(tmpdir(), "bench-metrics-"));
    const programs = new Programs(folder);
    try {
        told("starts");
        const store = await START[kind](programs, model);
        const door = { url: store.push, headers: { ...REMOTE_WRITE, ...HEADERS } };
        const used = () => usedBy(programs.processes.filter((each) => !OTHERS.includes(each.name)));
        const taken: Taken[] = [];
        let bytes = 0;
        let start = Date.now() - HISTORY * 1000;
        for (const [i, size] of sizes.entries()) {
            // The sizes but the first end now.
            if (i === 1) start = Date.now() - secondsOf(sizes.slice(1)) * 1000;
            const { series, interval } = size;
            told(`${size.series} series`);
            const ingest = new Ingest(door, { run: runOf(size), series, interval, start });
            await ingest.passes(1);
            taken.push({ series, ...(await cpuOf(used, () => ingest.passes(size.samples))) });
            start = ingest.now;
            if (i > 0) continue;
            await store.flush();
            const kept = store.kept();
            bytes = kept.bytes / kept.copies / (series * (size.samples + 1));
        }
        const memory = sum([...used().values()].map((each) => each.memory));
        const middle = sizes[1] ?? sizes[0];
        if (middle === undefined) throw new Error("no size");
        told("queries, hot");
        await sleep(SHOWN * 1000);
        const hot = await latency(store, used, runOf(middle), { window: "5m", time: Date.now() / 1000 - SHOWN, asks });
        told("rules");
        const rules = await againstPrometheus(store, door, model, programs);
        told("a pair");
        const pair = await asPair(kind, door, used, middle);
        const kills: Record<string, Cost> = {};
        for (const [part, each] of Object.entries(store.parts)) {
            told(`${part} is killed`);
            kills[part] = await costOf(each, part, door, (expr) => value(store, expr));
        }
        told("settles");
        await store.settle();
        told("queries, stored");
        const [first = middle] = sizes;
        const old = Date.now() / 1000 - HISTORY + secondsOf([first]) - 600;
        await shown(store, first, old);
        const stored = await latency(store, used, runOf(first), { window: "15m", time: old, asks });
        return { name, taken, pair, memory, bytes, hot, stored, kills, ...rules };
    } finally {
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    }
}

/** What runs beside a store. */
const OTHERS = ["minio", "prometheus"];

const runOf = ({ series }: Size) => `bench-${series}`;
const secondsOf = (sizes: readonly Size[]) => sum(sizes.map(({ samples, interval }) => (samples + 1) * interval));

async function cpuOf(used: () => ReturnType<typeof usedBy>, work: () => Promise<{ samples: number }>) {
    const before = used();
    const { samples } = await work();
    // What was acknowledged is still on its way in some.
    await sleep(2000);
    const each = cpuBetween(before, used()).map(([name, cpu]): [string, number] => [name, (cpu / samples) * 1e6]);
    return { samples, cpu: sum(each.map(([, cpu]) => cpu)), by: Object.fromEntries(each) };
}

/** Waits until a store answers with every series of a size at a time of the past. */
async function shown({ query }: Store, size: Size, time: number): Promise<void> {
    const expr = `count(last_over_time({run="${runOf(size)}"}[15m]))`;
    let found = 0;
    for (let waited = 0; waited < 300; waited++) {
        found = [...((await answered(query, expr, time)) ?? new Map<string, number>()).values()][0] ?? 0;
        if (found === size.series) return;
        await sleep(1000);
    }
    throw new Error(`of ${size.series} series stored a day ago ${found} are answered`);
}

async function asPair(kind: Kind, door: Door, used: () => ReturnType<typeof usedBy>, size: Size): Promise<number> {
    const senders = ["a", "b"].map((replica) => {
        // VictoriaMetrics' senders drop the replica's label, so that both have the same series.
        const own: Record<string, string> = kind === "victoriametrics" ? {} : { prometheus_replica: replica };
        const more = { prometheus: "monitoring/bench", ...own };
        return new Ingest(door, { ...size, run: "bench-pair", start: Date.now() - secondsOf([size]) * 1000, more });
    });
    for (const sender of senders) await sender.passes(1);
    const both = await cpuOf(used, async () => {
        let samples = 0;
        for (let i = 0; i < size.samples; i++) {
            for (const [nth, sender] of senders.entries()) {
                const passed = await sender.passes(1);
                if (nth === 0) samples += passed.samples;
            }
        }
        return { samples };
    });
    return both.cpu;
}

async function latency(
    { query }: Store,
    used: () => ReturnType<typeof usedBy>,
    run: string,
    { window, time, asks }: { window: string; time: number; asks: number },
): Promise<Latency> {
    const latencies: number[] = [];
    const before = used();
    // Each a minute earlier than the one before, so that no answer is a kept one.
    for (let i = 0; i < asks; i++) {
        for (const question of QUESTIONS) {
            const path = asked(question, run, window, Math.floor(time) - i * 60);
            const started = performance.now();
            const answer = await fetch(`${query}${path}`, { headers: HEADERS });
            const text = await answer.text();
            latencies.push(performance.now() - started);
            if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
        }
    }
    const cpu = (sum(cpuBetween(before, used()).map(([, each]) => each)) / latencies.length) * 1000;
    latencies.sort((a, b) => a - b);
    return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), cpu };
}

async function answered(base: string, expr: string, time: number): Promise<Answer> {
    const url = `${base}/api/v1/query?query=${encodeURIComponent(expr)}&time=${time}`;
    const answer = await fetched(url, { headers: HEADERS });
    return answerOf(await answer.json().catch(() => undefined));
}

async function value({ query }: Store, expr: string): Promise<number> {
    const found = await answered(query, expr, Date.now() / 1000);
    return [...(found?.values() ?? [])][0] ?? 0;
}

async function againstPrometheus(store: Store, door: Door, model: ClusterModel, programs: Programs) {
    const [port = 0] = await freePorts(1);
    await programs.start(
        "prometheus",
        [
            `--config.file=${programs.file("prometheus.yaml", {})}`,
            `--storage.tsdb.path=${programs.data("prometheus")}`,
            `--web.listen-address=127.0.0.1:${port}`,
            "--web.enable-remote-write-receiver",
        ],
        `${local(port)}/-/ready`,
    );
    const own = { ...door, url: `${local(port)}/api/v1/write` };
    const expressions = expressionsOf(model);
    const last = Math.floor(Date.now() / 1000) * 1000;
    for (const body of writesOf(seriesFor(expressions), RULE_SAMPLES, last)) {
        for (const to of [door, own]) {
            const { status, said } = await push(to, body, 60_000);
            if (status < 200 || status > 299) throw new Error(`${to.url}: ${status} ${said}`);
        }
    }
    await sleep(SHOWN * 1000);
    const verdicts: Record<Verdict, number> = {
        same: 0,
        empty: 0,
        "other labels": 0,
        "other values": 0,
        "other series": 0,
        refused: 0,
    };
    const differing: { expr: string; verdict: Verdict }[] = [];
    // Neither at a sample's own time nor among the last.
    const time = last / 1000 - 70;
    for (const expr of expressions) {
        const verdict = compared(await answered(local(port), expr, time), await answered(store.query, expr, time));
        verdicts[verdict]++;
        if (verdict !== "same" && verdict !== "empty") differing.push({ expr, verdict });
    }
    await programs.kill("prometheus");
    return { verdicts, differing };
}
