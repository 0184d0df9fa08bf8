/*
 * A span as Jaeger's clients send it by HTTP: a Batch of the Thrift definitions in Thrift's binary protocol.
 * https://github.com/jaegertracing/jaeger-idl/blob/main/thrift/jaeger.thrift
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-binary-protocol.md
 */

const TYPE = { i32: 8, i64: 10, string: 11, struct: 12, list: 15 } as const;

function field(type: keyof typeof TYPE, id: number, value: Buffer): Buffer {
    const head = Buffer.alloc(3);
    head.writeUInt8(TYPE[type], 0);
    head.writeInt16BE(id, 1);
    return Buffer.concat([head, value]);
}

function i32(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
}

function i64(value: bigint): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt.asIntN(64, value));
    return bytes;
}

function text(value: string): Buffer {
    return Buffer.concat([i32(Buffer.byteLength(value)), Buffer.from(value)]);
}

function struct(...fields: readonly Buffer[]): Buffer {
    return Buffer.concat([...fields, Buffer.of(0)]);
}

/** One span of a service, a trace of its own. Times are microseconds. */
export function jaegerBatch(service: string, traceId: string, time: number): Buffer {
    const span = struct(
        field("i64", 1, i64(BigInt(`0x${traceId.slice(16)}`))),
        field("i64", 2, i64(BigInt(`0x${traceId.slice(0, 16)}`))),
        field("i64", 3, i64(1n)),
        field("i64", 4, i64(0n)),
        field("string", 5, text("by jaeger")),
        field("i32", 7, i32(1)),
        field("i64", 8, i64(BigInt(time) * 1000n)),
        field("i64", 9, i64(1000n)),
    );
    return struct(
        field("struct", 1, struct(field("string", 1, text(service)))),
        field("list", 2, Buffer.concat([Buffer.of(TYPE.struct), i32(1), span])),
    );
}
