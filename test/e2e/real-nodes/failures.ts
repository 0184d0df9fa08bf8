import { SIGNALS, taken, type Signal, type Write, type Writer } from "./writer";

/** What one failure cost of a signal. */
export interface Cost {
    readonly signal: Signal;
    /** Writes while it lasted, and those of them that were not taken. */
    readonly writes: number;
    readonly failed: number;
    /** Writes that were taken, before or while it lasted, and are not there. */
    readonly lost: readonly number[];
}

export interface Outcome {
    readonly failure: string;
    /** From the failure on until all that was taken before it can be read again, in seconds. */
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
            return { signal, writes: writes.length, failed, lost: await lost(writer, signal, from - before, to) };
        }),
    );
}

/** Outcomes as a table of Markdown. */
export function outcomesTable(outcomes: readonly Outcome[]): string {
    const of = (costs: readonly Cost[], signal: Signal) => {
        const cost = costs.find((each) => each.signal === signal);
        return cost === undefined ? "" : `${cost.failed} of ${cost.writes}, ${cost.lost.length}`;
    };
    const rows = outcomes.map(({ failure, readsWhole, allReady, costs: each }) =>
        [failure, ...SIGNALS.map((signal) => of(each, signal)), `${readsWhole}`, `${allReady}`].join(" | "),
    );
    const head = ["failure", ...SIGNALS.map((signal) => `${signal}: failed, lost`), "reads whole", "all ready"];
    return [head.join(" | "), head.map(() => "---").join(" | "), ...rows].map((row) => `| ${row} |`).join("\n");
}
