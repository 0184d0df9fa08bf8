import { randomBytes } from "node:crypto";
import { otlp, sample, series, seriesLabels, snappy, span, stream } from "./wire";

export const SIGNALS = ["metrics", "logs", "traces"] as const;
export type Signal = (typeof SIGNALS)[number];

/** Records of one kind, as a push carries them. */
export interface Push {
    readonly body: Buffer;
    /** Samples, lines or spans in it. */
    readonly records: number;
    /** Bytes of them that a stack is sized by: of lines their text, of spans what is received. */
    readonly bytes: number;
    /** Pushes of one lane have to arrive in their order: each waits until the one before was answered. */
    readonly lane?: number;
}

/** Makes pushes of one signal, at a rate, one after another. */
export interface Source {
    /** What its records are called. */
    readonly unit: string;
    /** Seconds from one push to the next. */
    readonly period: number;
    /** Records in a push, on average. */
    readonly batch: number;
    /** @param time Unix milliseconds. */
    readonly next: (time: number) => Push;
}

/** Pushes a second at least, so that a low rate is no row of bursts. */
const PUSHES = 4;

/** Records in a push: as many as a client sends at most, fewer where that is less than some pushes a second. */
function batchOf(rate: number, most: number): number {
    return Math.max(1, Math.min(most, Math.round(rate / PUSHES)));
}

/** Prometheus' own, `max_samples_per_send`: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#remote_write */
const SAMPLES_PER_SEND = 2000;
/** Metrics that the series belong to, and pods, each of which has all metrics. */
const METRICS = 50;

/**
 * So many series, each of them once in every interval: counters of pods, with as many labels as cAdvisor's and
 * kube-state-metrics' series have, about 250 bytes. As in Prometheus' shards, no sample overtakes one of its own series.
 * @param run a name that nothing had before.
 * @param interval seconds.
 * @param more labels of every series.
 */
export function metricsSource(
    run: string,
    count: number,
    interval: number,
    more: Readonly<Record<string, string>> = {},
): Source {
    const labels: Buffer[] = [];
    const labelsOf = (i: number) => (labels[i] ??= seriesOf(run, i, more));
    const lanes = Math.min(count, Math.max(Math.ceil(count / SAMPLES_PER_SEND), Math.round(PUSHES * interval)));
    const first = (lane: number) => Math.floor((lane * count) / lanes);
    let at = 0;
    return {
        unit: "samples",
        period: interval / lanes,
        batch: count / lanes,
        next: (time) => {
            const lane = at++ % lanes;
            const from = first(lane);
            const parts = Array.from({ length: first(lane + 1) - from }, (_, nth) => {
                const i = from + nth;
                // Of a counter that grows by a few each second, and not the same for each series.
                return series(labelsOf(i), sample(Math.floor(time / 1000) * ((i % 7) + 1), time));
            });
            const content = Buffer.concat(parts);
            return { body: snappy(content), records: parts.length, bytes: content.length, lane };
        },
    };
}

function seriesOf(run: string, i: number, more: Readonly<Record<string, string>>): Buffer {
    const pod = Math.floor(i / METRICS);
    const labels: [string, string][] = [
        ["__name__", `load_requests_${i % METRICS}_total`],
        ["cluster", "load"],
        ["container", "server"],
        ["endpoint", "http-metrics"],
        ["instance", `10.0.${(pod >> 8) % 256}.${pod % 256}:8080`],
        ["job", "load"],
        ["namespace", `team-${pod % 20}`],
        ["node", `node-${pod % 50}`],
        ["pod", `server-${pod}-7c9f8d6b54-${(pod * 7919).toString(36).padStart(5, "x")}`],
        ["run", run],
        ...Object.entries(more),
    ];
    return seriesLabels(labels.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Lines in a push, and lines a second of one stream: a container that logs much. Loki limits a stream, too. */
const LINES_PER_PUSH = 1000;
const LINES_PER_STREAM = 500;
const LEAST_STREAMS = 10;

/** Lines of about 200 bytes a second, as services log their requests, in so many streams as containers would have. */
export function logsSource(run: string, rate: number): Source {
    const streams = Math.max(LEAST_STREAMS, Math.ceil(rate / LINES_PER_STREAM));
    const batch = batchOf(rate, LINES_PER_PUSH);
    let at = 0;
    return {
        unit: "lines",
        period: batch / rate,
        batch,
        next: (time) => {
            const lines = Array.from({ length: batch }, () => lineOf(at++, time));
            // A collector of a node has what a few of its containers wrote: here one at a time.
            const labels = `{cluster="load", container="server", namespace="load", service_name="load-${Math.floor(at / batch) % streams}", run="${run}"}`;
            const content = stream(labels, lines, time);
            return {
                body: snappy(content),
                records: batch,
                bytes: lines.reduce((sum, line) => sum + line.length, 0),
            };
        },
    };
}

const PATHS = ["/api/cart", "/api/orders", "/api/users", "/healthz", "/login"];

function lineOf(i: number, time: number): string {
    const path = PATHS[i % PATHS.length] ?? "";
    const status = i % 97 === 0 ? 500 : 200;
    return `time=${new Date(time).toISOString()} level=${status === 500 ? "error" : "info"} msg="request done" method=GET path=${path}/${i % 1000} status=${status} duration=${(i * 37) % 900}ms bytes=${(i * 7919) % 65536} trace_id=${randomBytes(16).toString("hex")}`;
}

/** `maxExportBatchSize` of the SDKs: https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor */
const SPANS_PER_PUSH = 512;
/** Spans of a trace. */
const TRACE = 8;
const OPERATIONS = ["GET /cart", "auth", "SELECT orders", "GET stock", "cache get", "render", "POST /pay", "publish"];

/** Spans of about 400 bytes a second, eight in a trace, with the attributes that HTTP instrumentation sets. */
export function tracesSource(run: string, rate: number): Source {
    const batch = Math.ceil(batchOf(rate, SPANS_PER_PUSH) / TRACE) * TRACE;
    let at = 0;
    return {
        unit: "spans",
        period: batch / rate,
        batch,
        next: (time) => {
            const traces = Array.from({ length: batch / TRACE }, () => traceOf(run, at++, time)).flat();
            const body = otlp(`load-${at % 20}`, traces);
            return { body, records: batch, bytes: body.length };
        },
    };
}

function traceOf(run: string, number: number, time: number): Buffer[] {
    const trace = randomBytes(16);
    const root = randomBytes(8);
    return OPERATIONS.map((name, i) => {
        const ids = { trace, ...(i === 0 ? { span: root } : { span: randomBytes(8), parent: root }) };
        const end = time - i * 2;
        return span(
            ids,
            name,
            [end - ((number * 13) % 300) - 1, end],
            [
                ["http.request.method", "GET"],
                ["http.response.status_code", number % 97 === 0 ? "500" : "200"],
                ["url.full", `https://shop.example.com${PATHS[number % PATHS.length] ?? ""}/${number % 1000}`],
                ["server.address", "shop.example.com"],
                ["user_agent.original", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"],
                ["k8s.pod.name", `server-${number % 40}`],
                ["run", run],
            ],
        );
    });
}
