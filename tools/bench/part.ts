import { progress } from "../command";
import { median } from "./cpu";
import type { Row } from "./results";

export interface Context {
    /** This checkout. */
    readonly here: string;
    /** Another checkout, with its packages installed. */
    readonly base: Base | undefined;
    readonly runs: number;
}

export interface Base {
    readonly folder: string;
    /** Its commit, short. */
    readonly commit: string;
}

/** A part of the benchmark, which can be measured alone. */
export interface Part {
    readonly name: string;
    readonly about: string;
    /** Programs that it starts. */
    readonly needs: readonly string[];
    /** What cannot be measured it names, with the reason. */
    readonly measure: (context: Context) => Promise<{ rows: Row[]; missing?: string[] }>;
}

/** Measures several things in turn, so that whatever else the machine does falls on all of them; their medians. */
export async function inTurn<Name extends string>(
    runs: number,
    measures: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number>> {
    const names = Object.keys(measures) as Name[];
    const taken = new Map(names.map((name) => [name, [] as number[]]));
    for (let turn = 1; turn <= runs; turn++) {
        for (const name of names) {
            progress(`${name}, ${turn} of ${runs}`);
            const value = await measures[name]();
            taken.get(name)?.push(value);
            // A run takes long, and one that is ended before its end should not have been for nothing.
            console.error(`${name}, ${turn} of ${runs}: ${value.toPrecision(3)}`);
        }
    }
    return Object.fromEntries(names.map((name) => [name, median(taken.get(name) ?? [])])) as Record<Name, number>;
}
