import { performance } from "node:perf_hooks";
import { drive, type Measured } from "./drive";
import type { Door } from "./door";
import { logsSource, metricsSource, SIGNALS, tracesSource, type Signal, type Source } from "./signals";

/** What is to be pushed; a signal that is absent is not. */
export interface Rates {
    /** Active series, each with a sample in every interval. */
    readonly series?: number;
    /** Seconds. */
    readonly interval: number;
    /** A second. */
    readonly lines?: number;
    readonly spans?: number;
}

/** A rate that was held, as a multiple of what was asked for, and what became of it. */
export interface Step {
    readonly factor: number;
    readonly measured: readonly Measured[];
    readonly gave: readonly Gave[];
}

/** What did not carry a step, and why. */
export interface Gave {
    readonly what: Signal | "generator";
    readonly why: string;
}

/** Share of records that may be refused, and that may be left unsent, before a step is said not to be carried. */
const REFUSED = 0.001;
const BEHIND = 0.05;
/** Share of its time for which this process may compute: above it is what is slow. */
const BUSY = 0.9;
/** Each step of a search for the knee is half as much again as the one before. */
const FACTOR = 1.5;
/** Steps of a search; the last of them is fifty-seven times the first. */
const STEPS = 11;

export interface Search {
    readonly rates: Rates;
    readonly doors: ReadonlyMap<Signal, Door>;
    /** A name that nothing had before. */
    readonly run: string;
    /** How long each step is held. */
    readonly seconds: number;
    /** Milliseconds of p99 above which a signal is said to lag. */
    readonly slow: number;
    /** Goes on with more until something gives. */
    readonly knee: boolean;
    /** Told of each step as it ends. */
    readonly told?: (step: Step) => void;
}

/** Signals of which something is to be pushed. */
export function signalsOf(rates: Rates): Signal[] {
    return SIGNALS.filter((signal) => rateOf(rates, signal) > 0);
}

/** Holds the rates; with `knee` ever more, until something gives. */
export async function steps({ rates, doors, run, seconds, slow, knee, told }: Search): Promise<Step[]> {
    const done: Step[] = [];
    for (let factor = 1, i = 0; i < (knee ? STEPS : 1); i++, factor *= FACTOR) {
        const before = performance.eventLoopUtilization();
        const measured = await Promise.all(
            signalsOf(rates).map((signal) => {
                const door = doors.get(signal);
                if (door === undefined) throw new Error(`no door for ${signal}`);
                const own = scaled(rates, factor);
                return drive({ signal, door, source: sourceOf(own, signal, run), rate: rateOf(own, signal) }, seconds);
            }),
        );
        const busy = performance.eventLoopUtilization(before).utilization;
        const step = { factor, measured, gave: gaveIn(measured, { slow, seconds, busy }) };
        done.push(step);
        told?.(step);
        if (step.gave.length > 0) break;
    }
    return done;
}

function scaled({ series = 0, lines = 0, spans = 0, interval }: Rates, factor: number): Rates {
    return { series: Math.round(series * factor), lines: lines * factor, spans: spans * factor, interval };
}

function rateOf({ series = 0, interval, lines = 0, spans = 0 }: Rates, signal: Signal): number {
    return { metrics: series / interval, logs: lines, traces: spans }[signal];
}

function sourceOf({ series = 0, interval, lines = 0, spans = 0 }: Rates, signal: Signal, run: string): Source {
    if (signal === "metrics") return metricsSource(run, series, interval);
    return signal === "logs" ? logsSource(run, lines) : tracesSource(run, spans);
}

interface Bounds extends Pick<Search, "slow" | "seconds"> {
    /** Share of the time for which this process computed. */
    readonly busy: number;
}

/**
 * What gave in a step, whoever refused first before all others. Where this process had no time left, what is late says
 * nothing of the stack.
 */
export function gaveIn(measured: readonly Measured[], bounds: Bounds): Gave[] {
    const { seconds, busy } = bounds;
    const refusing = measured
        .filter((each) => refusedOf(each) > each.offered * seconds * REFUSED)
        .sort((a, b) => (a.refusedAfter ?? 0) - (b.refusedAfter ?? 0))
        .map((each) => ({ what: each.signal, why: refusalOf(each, seconds) }));
    const late = measured
        .filter(({ signal }) => !refusing.some(({ what }) => what === signal))
        .flatMap((each) => {
            const why = lagOf(each, bounds);
            return why === undefined ? [] : [{ what: each.signal, why }];
        });
    if (late.length === 0 || busy < BUSY) return [...refusing, ...late];
    const why = `it computed for ${(busy * 100).toFixed(0)} % of the time: run several, each with a part of the load`;
    return [...refusing, { what: "generator", why }];
}

function refusedOf({ refused }: Measured): number {
    return Object.values(refused).reduce((sum, records) => sum + records, 0);
}

function refusalOf({ refused, said, refusedAfter, offered, unit }: Measured, seconds: number): string {
    const [status = "", records = 0] = Object.entries(refused).sort(([, a], [, b]) => b - a)[0] ?? [];
    const share = ((records / (offered * seconds)) * 100).toFixed(1);
    const who = status === "0" ? "no answer to" : `${status} to`;
    return `${who} ${share} % of the ${unit}, from second ${(refusedAfter ?? 0).toFixed(1)} on: ${said[status] ?? ""}`;
}

function lagOf({ unsent, offered, p99, unit }: Measured, { slow, seconds }: Bounds): string | undefined {
    const due = offered * seconds;
    if (unsent > due * BEHIND)
        return `${unsent.toFixed(0)} of ${due.toFixed(0)} ${unit} were not sent: pushes wait for answers`;
    if (p99 > slow) return `a hundredth of the pushes was answered after ${p99.toFixed(0)} ms or later`;
    return undefined;
}
