/**
 * What pushes are made of. Protocol buffers: https://protobuf.dev/programming-guides/encoding/, with field numbers of the
 * OTLP, remote write and Loki definitions. Snappy, all of it literals, so that as many bytes are sent as are taken:
 * https://github.com/google/snappy/blob/main/format_description.txt
 */

type Parts = readonly (Buffer | string)[];

export function varint(value: number): Buffer {
    const bytes: number[] = [];
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    return Buffer.from([...bytes, rest]);
}

/** A field that holds a message, text or bytes. */
export function field(number: number, ...parts: Parts): Buffer {
    const content = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
    return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
}

/** A field that holds a whole number of 64 bits, in their own order. */
export function fixed(number: number, value: bigint): Buffer {
    const bytes = Buffer.alloc(9, number * 8 + 1);
    bytes.writeBigUInt64LE(value, 1);
    return bytes;
}

export function double(number: number, value: number): Buffer {
    const bytes = Buffer.alloc(9, number * 8 + 1);
    bytes.writeDoubleLE(value, 1);
    return bytes;
}

type Labels = readonly (readonly [name: string, value: string])[];

/** Of remote write: the labels of a series, sorted by name as its protocol asks. */
export function seriesLabels(labels: Labels): Buffer {
    return Buffer.concat(labels.map(([name, value]) => field(1, field(1, name), field(2, value))));
}

/** @param time Unix milliseconds. */
export function sample(value: number, time: number): Buffer {
    return field(2, double(1, value), Buffer.of(16), varint(time));
}

/** Of remote write: a series with its samples, or what else it has. */
export function series(labels: Buffer, ...content: readonly Buffer[]): Buffer {
    return field(1, labels, ...content);
}

/** A stream of Loki's push with lines of one time, in Unix milliseconds. */
export function stream(labels: string, lines: readonly string[], time: number): Buffer {
    const rest = time % 1000;
    const parts = rest === 0 ? [] : [Buffer.of(16), varint(rest * 1_000_000)];
    const timestamp = field(1, Buffer.of(8), varint(Math.floor(time / 1000)), ...parts);
    return field(1, field(1, labels), ...lines.map((line) => field(2, timestamp, field(2, line))));
}

export const nanoseconds = (time: number) => BigInt(Math.floor(time)) * 1_000_000n;

/** Of OTLP: a name and a text. */
export const attribute = (key: string, value: string) => Buffer.concat([field(1, key), field(2, field(1, value))]);

/** Of OTLP: resource, scope and records have the same numbers for every signal. */
export function otlp(name: string, records: readonly Buffer[]): Buffer {
    const resource = field(1, field(1, attribute("service.name", name)));
    return field(1, resource, field(2, ...records.map((record) => field(2, record))));
}

/** Of OTLP: a span, of these ids and times in Unix milliseconds. */
export function span(
    ids: { readonly trace: Buffer; readonly span: Buffer; readonly parent?: Buffer },
    name: string,
    [start, end]: readonly [number, number],
    attributes: Labels,
): Buffer {
    return Buffer.concat([
        field(1, ids.trace),
        field(2, ids.span),
        ...(ids.parent === undefined ? [] : [field(4, ids.parent)]),
        field(5, name),
        fixed(7, nanoseconds(start)),
        fixed(8, nanoseconds(end)),
        ...attributes.map(([key, value]) => field(9, attribute(key, value))),
    ]);
}

export function snappy(content: Buffer): Buffer {
    const parts = [varint(content.length)];
    for (let at = 0; at < content.length; at += 65536) {
        const chunk = content.subarray(at, at + 65536);
        const tag = Buffer.of(61 << 2, 0, 0);
        tag.writeUInt16LE(chunk.length - 1, 1);
        parts.push(tag, chunk);
    }
    return Buffer.concat(parts);
}
