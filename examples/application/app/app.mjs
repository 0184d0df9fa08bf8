// A small application that shows all three signals, and errors, joined by one trace id. Node alone: real ones use an OpenTelemetry SDK
// and a Prometheus client, which do the same with less code.
//
//   ROLE=shop      answers GET /, some of it slowly, some of it with an error
//   ROLE=visitor   asks SHOP_URL twice a second
import { randomBytes, randomInt } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const { ROLE = "shop", PORT = "8080", SHOP_URL = "http://shop:8080/" } = process.env;
const { OTEL_EXPORTER_OTLP_ENDPOINT: otlp, SENTRY_DSN: dsn } = process.env;

const BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** Seconds that requests took, by status; each bucket remembers the trace of one request that fell into it. */
const series = new Map();

function observe(status, seconds, traceId) {
    const one = series.get(status) ?? { counts: Array(BUCKETS.length + 1).fill(0), exemplars: [], sum: 0 };
    series.set(status, one);
    const found = BUCKETS.findIndex((le) => seconds <= le);
    const bucket = found === -1 ? BUCKETS.length : found;
    one.counts[bucket] += 1;
    one.exemplars[bucket] = `# {trace_id="${traceId}"} ${seconds} ${Date.now() / 1000}`;
    one.sum += seconds;
}

/** OpenMetrics: the older text format has no exemplars. */
function metrics() {
    const lines = ["# TYPE shop_request_duration_seconds histogram", "# UNIT shop_request_duration_seconds seconds"];
    for (const [status, { counts, exemplars, sum }] of series) {
        let total = 0;
        counts.forEach((count, index) => {
            total += count;
            const labels = `status="${status}",le="${BUCKETS[index] ?? "+Inf"}"`;
            lines.push(`shop_request_duration_seconds_bucket{${labels}} ${total} ${exemplars[index] ?? ""}`.trimEnd());
        });
        lines.push(`shop_request_duration_seconds_sum{status="${status}"} ${sum}`);
        lines.push(`shop_request_duration_seconds_count{status="${status}"} ${total}`);
    }
    return [...lines, "# EOF", ""].join("\n");
}

/** One line of JSON: Loki keeps `trace_id` beside the line, Grafana makes a link of it. */
function log(level, message, more) {
    console.log(JSON.stringify({ time: new Date().toISOString(), level, message, ...more }));
}

const SERVER = 2;
const CLIENT = 3;

/** Times `work` as a span, counts it, logs it and sends it. `parent` is a W3C traceparent or undefined. */
async function traced(name, kind, parent, work) {
    const [, traceId = randomBytes(16).toString("hex"), parentSpanId] = parent?.split("-") ?? [];
    const spanId = randomBytes(8).toString("hex");
    const start = Date.now();
    const status = await work(`00-${traceId}-${spanId}-01`);
    const seconds = (Date.now() - start) / 1000;
    observe(status, seconds, traceId);
    log(status < 500 ? "info" : "error", name, { status, seconds, trace_id: traceId, span_id: spanId });
    const nanos = (millis) => `${millis}000000`;
    await send({
        traceId,
        spanId,
        ...(parentSpanId && { parentSpanId }),
        name,
        kind,
        startTimeUnixNano: nanos(start),
        endTimeUnixNano: nanos(Date.now()),
        attributes: [{ key: "http.response.status_code", value: { intValue: String(status) } }],
        status: { code: status < 500 ? 1 : 2 },
    });
    if (status >= 500) await report(new Error(`${name} answered ${status}`), traceId, spanId);
    return status;
}

/** OTLP over HTTP, as JSON. A span that cannot be sent is lost: an SDK would try again. */
async function send(span) {
    if (!otlp) return;
    const resource = { attributes: [{ key: "service.name", value: { stringValue: ROLE } }] };
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
    const headers = { "content-type": "application/json" };
    try {
        const signal = AbortSignal.timeout(5000);
        const answer = await fetch(`${otlp.replace(/\/$/, "")}/v1/traces`, { method: "POST", headers, body, signal });
        if (!answer.ok) log("warn", "span refused", { status: answer.status });
    } catch (error) {
        log("warn", "span not sent", { error: String(error) });
    }
}

/**
 * An event by Sentry's protocol: https://develop.sentry.dev/sdk/data-model/envelopes/. A DSN is KEY@HOST/PROJECT; the trace
 * of the context leads from the error to the spans.
 */
async function report(error, traceId, spanId) {
    if (!dsn) return;
    const { protocol, username, host, pathname } = new URL(dsn);
    const cut = pathname.lastIndexOf("/");
    const url = `${protocol}//${host}${pathname.slice(0, cut)}/api/${pathname.slice(cut + 1)}/envelope/`;
    const event = {
        event_id: randomBytes(16).toString("hex"),
        timestamp: Date.now() / 1000,
        platform: "node",
        level: "error",
        server_name: ROLE,
        exception: { values: [{ type: error.name, value: error.message }] },
        contexts: { trace: { trace_id: traceId, span_id: spanId } },
        tags: { role: ROLE },
    };
    const head = { event_id: event.event_id, sent_at: new Date().toISOString() };
    const body = [head, { type: "event" }, event].map((line) => `${JSON.stringify(line)}\n`).join("");
    const auth = `Sentry sentry_version=7, sentry_client=shop/1.0, sentry_key=${username}`;
    const headers = { "content-type": "application/x-sentry-envelope", "x-sentry-auth": auth };
    try {
        const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(5000) });
        if (!answer.ok) log("warn", "error refused", { status: answer.status });
    } catch (failed) {
        log("warn", "error not sent", { error: String(failed) });
    }
}

async function serve(request, response) {
    if (request.url === "/metrics") {
        response.setHeader("content-type", "application/openmetrics-text; version=1.0.0; charset=utf-8");
        response.end(metrics());
    } else if (request.url === "/healthz") {
        response.end("ok\n");
    } else if (ROLE === "shop") {
        await traced("GET /", SERVER, request.headers.traceparent, async () => {
            await sleep(randomInt(10) === 0 ? 400 : randomInt(5, 60));
            response.statusCode = randomInt(50) === 0 ? 500 : 200;
            response.end("hello\n");
            return response.statusCode;
        });
    } else {
        response.statusCode = 404;
        response.end();
    }
}

const server = createServer((request, response) => void serve(request, response));
server.listen(Number(PORT), () => log("info", "listening", { role: ROLE, port: server.address().port }));

let stopping = false;
process.on("SIGTERM", () => {
    stopping = true;
    server.close();
});

while (ROLE === "visitor" && !stopping) {
    await traced("visit", CLIENT, undefined, async (traceparent) => {
        try {
            const answer = await fetch(SHOP_URL, { headers: { traceparent }, signal: AbortSignal.timeout(5000) });
            await answer.text();
            return answer.status;
        } catch {
            return 599;
        }
    });
    await sleep(500);
}
