import { setTimeout as sleep } from "node:timers/promises";
import { push, type Door } from "./door";
import type { Signal, Source } from "./signals";

/** What came of pushing one signal at one rate. */
export interface Measured {
    readonly signal: Signal;
    readonly unit: string;
    /** Records a second that were due. */
    readonly offered: number;
    /** Records that were taken, and a second; and bytes a second of them. */
    readonly taken: number;
    readonly accepted: number;
    readonly bytes: number;
    /** Records that were refused, by HTTP's status; 0 where nobody answered. */
    readonly refused: Readonly<Record<string, number>>;
    /** What the first refusal of each status said. */
    readonly said: Readonly<Record<string, string>>;
    /** Seconds from the start until the first refusal. */
    readonly refusedAfter: number | undefined;
    /** Records that were due and not even sent some seconds after the time was over: earlier ones had no answer yet. */
    readonly unsent: number;
    /** Milliseconds from when a push was due until it was answered: half of them, all but a hundredth. */
    readonly p50: number;
    readonly p99: number;
}

export interface Course {
    readonly signal: Signal;
    readonly source: Source;
    readonly door: Door;
    /** Records a second. */
    readonly rate: number;
}

/** Pushes without an answer at once: more than a Prometheus has (50 shards), less than a server has connections. */
const IN_FLIGHT = 64;
/** Milliseconds until nobody has answered: Prometheus' own `remote_timeout`. */
const PATIENCE = 30_000;
/** Milliseconds for which what was due is still sent after the time is over. */
const GRACE = 5000;

/**
 * Pushes at a rate for so many seconds, and repeats nothing that was refused. A push has its time, whatever became of those
 * before: so that a store which stands still for a second is seen in all pushes of that second, not in one.
 * @param inFlight pushes that may be without an answer at once.
 */
export async function drive(
    { signal, source, door, rate }: Course,
    seconds: number,
    inFlight = IN_FLIGHT,
): Promise<Measured> {
    const period = (source.batch / rate) * 1000;
    const due = Math.max(1, Math.round((seconds * 1000) / period));
    const latencies: number[] = [];
    const refused: Record<string, number> = {};
    const said: Record<string, string> = {};
    const running = new Set<Promise<void>>();
    let [sent, records, bytes] = [0, 0, 0];
    const refusals: number[] = [];
    const started = performance.now();
    const since = () => performance.now() - started;
    for (; sent < due; sent++) {
        const at = sent * period;
        if (since() < at) await sleep(at - since());
        while (running.size >= inFlight) await Promise.race(running);
        if (since() > seconds * 1000 + GRACE) break;
        const made = source.next(Date.now());
        const one = push(door, made.body, PATIENCE).then(({ status, said: text }) => {
            latencies.push(since() - at);
            if (status >= 200 && status < 300) {
                records += made.records;
                bytes += made.bytes;
            } else {
                refused[status] = (refused[status] ?? 0) + made.records;
                said[status] ??= text;
                refusals.push(since() / 1000);
            }
            running.delete(one);
        });
        running.add(one);
    }
    await Promise.all(running);
    const lasted = Math.max(since() / 1000, seconds);
    latencies.sort((a, b) => a - b);
    return {
        signal,
        unit: source.unit,
        offered: (due * source.batch) / seconds,
        taken: records,
        accepted: records / lasted,
        bytes: bytes / lasted,
        refused,
        said,
        refusedAfter: refusals[0],
        unsent: (due - sent) * source.batch,
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
    };
}

/** @param sorted ascending. */
export function quantile(sorted: readonly number[], share: number): number {
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
