import { SIGNALS, taken, type Read, type Signal, type Write, type Writer } from "./writer";

/** What one failure cost of a signal. */
export interface Cost {
    readonly signal: Signal;
    /** Writes while it lasted, and those of them that were not taken. */
    readonly writes: number;
    readonly failed: number;
    /** Writes that were taken, before or while it lasted, and are not there. */
    readonly lost: readonly number[];
    /** Reads while it lasted, and those of them that had no answer. */
    readonly reads: number;
    readonly unread: number;
}

export interface Outcome {
    readonly failure: string;
    /** From the failure on until the last read that had no answer, in seconds; 0 where each had one. */
    readonly readsWhole: number;
    /** From the failure on until every pod is ready. */
    readonly allReady: number;
    readonly costs: readonly Cost[];
}

/** What of a signal was taken between two times and is not there. */
export async function lost(writer: Writer, signal: Signal, from: number, to: number): Promise<number[]> {
    const asked = within(writer, signal, from, to).filter(taken);
    const found = await writer.found(signal, asked);
    return asked.filter(({ number }) => !found.has(number)).map(({ number }) => number);
}

function within(writer: Writer, signal: Signal, from: number, to: number): Write[] {
    return writer.writes.filter((write) => write.signal === signal && write.at >= from && write.at <= to);
}

/**
 * Counts writes between two times, and what was lost of them and of those before.
 * @param before milliseconds.
 */
export async function costs(writer: Writer, from: number, to: number, before: number): Promise<Cost[]> {
    return Promise.all(
        SIGNALS.map(async (signal) => {
            const writes = within(writer, signal, from, to);
            const failed = writes.filter((write) => !taken(write)).length;
            const reads = readsOf(writer, signal, from, to);
            const unread = reads.filter(({ whole }) => !whole).length;
            const gone = await lost(writer, signal, from - before, to);
            return { signal, writes: writes.length, failed, lost: gone, reads: reads.length, unread };
        }),
    );
}

function readsOf(writer: Writer, signal: Signal, from: number, to: number): Read[] {
    return writer.reads.filter((read) => read.signal === signal && read.at >= from && read.at <= to);
}

/** Seconds from a failure on until the last read of any signal that had no answer. */
export function readsWholeAfter(writer: Writer, from: number, to: number): number {
    const missed = SIGNALS.flatMap((signal) => readsOf(writer, signal, from, to)).filter(({ whole }) => !whole);
    return Math.round(Math.max(0, ...missed.map(({ at }) => at - from)) / 1000);
}

const HEAD = [
    "failure",
    ...SIGNALS.map((signal) => `${signal}: writes failed, lost; reads failed`),
    "reads whole",
    "all ready",
];

/** An outcome as a row of the table. */
export function outcomeRow({ failure, readsWhole, allReady, costs: each }: Outcome): string {
    const cells = each.map(
        ({ failed, writes, lost: gone, unread, reads }) =>
            `${failed} of ${writes}, ${gone.length}; ${unread} of ${reads}`,
    );
    return `| ${[failure, ...cells, `${readsWhole} s`, `${allReady} s`].join(" | ")} |`;
}

/** Outcomes as a table of Markdown. */
export function outcomesTable(outcomes: readonly Outcome[]): string {
    const head = [HEAD, HEAD.map(() => "---")].map((row) => `| ${row.join(" | ")} |`);
    return [...head, ...outcomes.map(outcomeRow)].join("\n");
}
