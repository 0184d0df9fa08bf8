import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";

/** A program that runs, by a name of whoever started it. */
export interface Running {
    readonly name: string;
    readonly pid: number;
}

/** What processes have used until now, by name; those of one name together. */
export type Used = ReadonlyMap<string, { readonly cpu: number; readonly memory: number }>;

/** Ticks in a second, by which Linux counts a process' time. */
const TICKS = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/**
 * CPU time, the user's and the system's, in seconds, and resident memory in bytes. What a process holds in the kernel's page
 * cache is not among it.
 */
export function usedBy(running: readonly Running[]): Used {
    const used = new Map<string, { cpu: number; memory: number }>();
    for (const { name, pid } of running) {
        const before = used.get(name) ?? { cpu: 0, memory: 0 };
        used.set(name, { cpu: before.cpu + cpuOf(pid), memory: before.memory + memoryOf(pid) });
    }
    return used;
}

/** Fields 14 and 15, counted from behind the program's name, which may hold spaces: proc_pid_stat(5). */
export function cpuOf(pid: number): number {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

export function memoryOf(pid: number): number {
    const [, kibibytes = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kibibytes) * 1024;
}

/** CPU seconds between two moments, by name, the most first. */
export function cpuBetween(before: Used, after: Used): [name: string, seconds: number][] {
    return [...after]
        .map(([name, { cpu }]): [string, number] => [name, cpu - (before.get(name)?.cpu ?? 0)])
        .sort(([, a], [, b]) => b - a);
}

export const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, each) => all + each, 0);
