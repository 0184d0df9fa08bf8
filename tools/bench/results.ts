import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** One thing that was measured beside another, in turn: medians. */
export interface Row {
    readonly name: string;
    readonly unit: "s" | "s of CPU" | "MiB";
    readonly here: number;
    /** What stands beside it; undefined where there is nothing to compare with. */
    readonly beside: { readonly name: string; readonly value: number } | undefined;
    /** The ratio of the two that is wanted. */
    readonly atMost?: number;
    /** Where the two do not do the same amount of work: what each does. */
    readonly note?: string;
}

/** A part of the benchmark, as it went. */
export interface Result {
    readonly rows: readonly Row[];
    /** Why nothing, or not all, of it was measured. */
    readonly missing: readonly string[];
    readonly commit: string;
    readonly runs: number;
    readonly node: string;
    readonly cores: number;
    /** Processes that wanted a core, on average of a minute, when the part began and when it ended: at rest, less than a core. */
    readonly load: readonly [number, number];
    /** Date and time of its end, ISO 8601. */
    readonly ended: string;
}

/** Results of parts, by the parts' names. */
export type Results = Readonly<Record<string, Result>>;

/** What parts were measured so far. */
export function readResults(path: string): Results {
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Results) : {};
}

/** Puts a part beside the others: it may be that another run has measured one meanwhile. */
export function keepResult(path: string, part: string, result: Result): Results {
    const results = { ...readResults(path), [part]: result };
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
    return results;
}
