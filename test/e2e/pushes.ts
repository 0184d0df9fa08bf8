import { request } from "node:http";
import { connect } from "node:http2";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
    attribute,
    double,
    field,
    fixed,
    nanoseconds,
    otlp,
    sample,
    series,
    seriesLabels,
    snappy,
    span,
    stream,
    varint,
} from "../../tools/load/wire";

/* Pushes as the stores' clients write them. */

/** Bytes of one record, near enough: a push grows by such steps. */
export const RECORD = 16 * 1024;
/** Below what stores keep of a label's or an attribute's value. */
const VALUE = "x".repeat(2000);
const VALUES = Array.from({ length: 8 }, (_, i) => [`value_${i}`, VALUE] as const);

/** A number of records under a name, in the bytes that a client sends. */
export type Encode = (name: string, count: number, time: number) => Buffer;

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

/** Each a trace of its own. */
export const spans: Encode = (name, count, time) =>
    otlp(
        name,
        numbers(count).map((i) => {
            const id = Buffer.alloc(16, name);
            id.writeUInt32BE(i, 12);
            return span({ trace: id, span: id.subarray(8) }, name, [time, time], VALUES);
        }),
    );

/** Each a series of its own, by its name. */
export const points: Encode = (name, count, time) =>
    otlp(
        name,
        numbers(count).map((i) => {
            const attributes = VALUES.map(([key, value]) => field(7, attribute(key, value)));
            const point = field(1, fixed(3, nanoseconds(time)), double(4, 1), ...attributes);
            return Buffer.concat([field(1, `pushed_${i}`), field(5, point)]);
        }),
    );

const line = (i: number) => `${i} `.padEnd(RECORD, "x");

export const logRecords: Encode = (name, count, time) =>
    otlp(
        name,
        numbers(count).map((i) => Buffer.concat([fixed(1, nanoseconds(time)), field(5, field(1, line(i)))])),
    );

export const lokiPush: Encode = (name, count, time) =>
    snappy(stream(`{service_name="${name}"}`, numbers(count).map(line), time));

export const remoteWrite: Encode = (name, count, time) => {
    const labels = (i: number) => seriesLabels([["__name__", `pushed_${i}`], ["job", name], ...VALUES]);
    return snappy(Buffer.concat(numbers(count).map((i) => series(labels(i), sample(1, time)))));
};

/**
 * As Prometheus writes exemplars: each without a sample, in a series entry of its own.
 * @param sampled whether the exemplar's own series comes with a sample before it.
 */
export function withExemplar(
    name: string,
    time: number,
    sampled: boolean,
    labels: Readonly<Record<string, string>>,
): Buffer {
    const pairs = (of: Readonly<Record<string, string>>) => seriesLabels(Object.entries(of));
    const own = pairs({ __name__: "pushed_exemplar", job: name });
    const exemplar = field(3, pairs(labels), double(2, 2), Buffer.of(24), varint(time));
    return snappy(
        Buffer.concat([
            series(pairs({ __name__: "pushed_other", job: name }), sample(1, time)),
            ...(sampled ? [series(own, sample(1, time))] : []),
            series(own, exemplar),
        ]),
    );
}

/** What a client is told: whether it is to send the same again, which it does for as long as it is told so. */
export interface Answer {
    readonly taken: boolean;
    readonly again: boolean;
    readonly said: string;
}

/** Sends to a port of this machine. */
export type Send = (port: number, body: Buffer) => Promise<Answer>;

/** By HTTP. https://opentelemetry.io/docs/specs/otlp/#failures-1; Loki's and Prometheus' clients repeat all of 5xx. */
export function http(path: string, headers: Readonly<Record<string, string>>): Send {
    return (port, body) =>
        new Promise((resolve, reject) => {
            const options = { method: "POST", port, path, host: "127.0.0.1" };
            const call = request({ ...options, headers: { ...headers, "content-length": body.length } }, (answer) => {
                const { statusCode: status = 0 } = answer;
                let text = "";
                answer.on("data", (chunk) => (text += String(chunk)));
                call.removeAllListeners("error").on("error", () => undefined);
                answer.on("close", () => {
                    resolve({ taken: status < 300, again: status === 429 || status >= 500, said: `${status} ${text}` });
                });
            });
            // A server that refuses may hang up before it was sent all, which is an error only if it said nothing.
            call.on("error", reject);
            call.end(body);
        });
}

/** By gRPC, as collectors export spans. A full server, code 8, is asked again if it says when. https://opentelemetry.io/docs/specs/otlp/#failures */
export const grpc: Send = (port, message) =>
    new Promise((resolve, reject) => {
        const session = connect(`http://127.0.0.1:${port}`);
        const call = session.request({
            ":method": "POST",
            ":path": "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            "content-type": "application/grpc",
            te: "trailers",
        });
        const told: Record<string, string | number> = {};
        for (const event of ["response", "trailers"]) call.on(event, (headers: object) => Object.assign(told, headers));
        // The server ends a stream that it refuses before all was sent.
        call.on("error", () => undefined);
        session.on("error", reject);
        call.on("close", () => {
            session.close();
            const status = Number(told[":status"]);
            const code = told["grpc-status"] === undefined ? undefined : Number(told["grpc-status"]);
            const later = code === 8 && told["grpc-status-details-bin"] !== undefined;
            resolve({
                taken: code === 0,
                // Where a proxy answers, the client makes a code of its status: of these "unavailable".
                again: code === undefined ? [429, 502, 503, 504].includes(status) : later || AGAIN.has(code),
                said: `HTTP ${status}, code ${String(code)} ${told["grpc-message"] ?? ""}`,
            });
        });
        call.resume();
        const prefix = Buffer.alloc(5);
        prefix.writeUInt32BE(message.length, 1);
        // In one piece, Node would not see an answer that comes before the end.
        pipeline(Readable.from(pieces(Buffer.concat([prefix, message]))), call).catch(() => undefined);
    });

function* pieces(content: Buffer): Generator<Buffer> {
    for (let at = 0; at < content.length; at += RECORD) yield content.subarray(at, at + RECORD);
}

/** Cancelled, deadline exceeded, aborted, out of range, unavailable, data loss. */
const AGAIN = new Set([1, 4, 10, 11, 14, 15]);
