/**
 * Sizes that the hops of every signal agree on: each takes what the one before may send, or a push that was accepted once
 * is refused for ever at the next. `npm run verify` follows what is rendered from hop to hop (`message-sizes`).
 *
 * | Hop                                              | Sends at most  | Takes          |
 * | ------------------------------------------------ | -------------- | -------------- |
 * | application, from inside                         | `PUSH`         |                |
 * | Ingress and gateway for pushes from outside      | `PUSH`         | `PUSH`         |
 * | receiver: OTLP over gRPC and HTTP                | `BATCH`        | `PUSH`         |
 * | receiver to sampler                              | `MESSAGE`      | `MESSAGE`      |
 * | collectors of lines (1 MiB), of metrics (2 MB)   | below `BATCH`  |                |
 * | gateways of the stores, trace store's receivers  |                | `PUSH`         |
 * | a store's parts among themselves                 | `MESSAGE`      | `MESSAGE`      |
 */
const MIB = 2 ** 20;

/** Bytes of the largest push that any way in takes, and whatever stands behind it. */
export const PUSH = 16 * MIB;

/** Bytes of the largest batch of spans or lines that a receiver sends on. A lone span or line beyond it is dropped. */
export const BATCH = 8 * MIB;

/**
 * Bytes of the largest message from part to part of a system. Far above a push: to share one out by trace each trace is
 * given a copy of what describes its process.
 */
export const MESSAGE = 100 * MIB;

/** Whole mebibytes, as programs that ask for such want them. */
export function inMib(bytes: number): number {
    return Math.ceil(bytes / MIB);
}

/** As nginx writes it. */
export function nginxSize(bytes: number): string {
    return `${inMib(bytes)}m`;
}
