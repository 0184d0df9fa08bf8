import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { command, progress, UsageError } from "../command";
import { onPath } from "../on-path";
import { BenchError, cpuSeconds, median } from "./cpu";
import { print, type Row } from "./print";

interface Case {
    readonly name: string;
    /** A command below the checkout's folder, and its words. */
    readonly main: string;
    readonly words: readonly string[];
    /** Whether the other checkout can be called so too. */
    readonly isInBase: boolean;
    readonly needs?: string;
}

const CASES: readonly Case[] = [
    { name: "plan prod", main: "tools/plan/main.ts", words: ["prod"], isInBase: true },
    { name: "plan prod --no-policies", main: "tools/plan/main.ts", words: ["prod", "--no-policies"], isInBase: true },
    { name: "plan prod dev", main: "tools/plan/main.ts", words: ["prod", "dev"], isInBase: false },
    { name: "verify prod", main: "tools/verify/main.ts", words: ["prod"], isInBase: true, needs: "helm" },
];

const NAMES = CASES.map(({ name }) => name).join(", ");

interface Request {
    readonly base: string | undefined;
    readonly runs: string;
    readonly only: readonly string[];
}

async function run({ base, runs, only }: Request): Promise<void> {
    const times = Number(runs);
    if (!Number.isInteger(times) || times < 1) throw new UsageError(`--runs wants a whole number, at least 1: ${runs}`);
    const unknown = only.find((wanted) => CASES.every(({ name }) => name !== wanted));
    if (unknown !== undefined) throw new UsageError(`--only ${unknown}: there is ${NAMES}`);
    const here = resolve(__dirname, "../..");
    const rows: Row[] = [];
    for (const { name, main, words, isInBase, needs } of CASES) {
        if (only.length > 0 && !only.includes(name)) continue;
        if (needs !== undefined && !onPath(needs)) {
            console.error(`${name}: not measured, ${needs} is not on PATH`);
            continue;
        }
        const folders = [here, ...(base === undefined || !isInBase ? [] : [resolve(base)])];
        const measured: number[][] = folders.map(() => []);
        // In turn, so that whatever else the machine does falls on both.
        for (let turn = 1; turn <= times; turn++) {
            for (const [index, folder] of folders.entries()) {
                progress(`${name}, ${turn} of ${times}, in ${folder}`);
                measured[index]?.push(await cpuSeconds(folder, [...TYPESCRIPT, join(folder, main), ...words]));
            }
        }
        const [own = NaN, other] = measured.map(median);
        rows.push({ name, here: own, base: other });
    }
    if (rows.length === 0) throw new BenchError("nothing was measured");
    console.log(print(rows, { runs: times, node: process.version, cpus: cpus().length }));
}

/** How package.json's scripts start a tool. */
const TYPESCRIPT = ["--require", "ts-node/register/transpile-only"];

export default command(module, {
    name: "bench",
    about: `CPU time, of the process and all that it starts, of this checkout's commands, beside another's in the same run. CPU time
is what a busy machine leaves alone: elapsed time is not.`,
    options: {
        base: {
            value: "FOLDER",
            about: "Another checkout, with its packages installed; without it there are no ratios.",
        },
        runs: { value: "N", about: "Runs of which the median is taken.", default: "5" },
        only: { value: "NAME", about: `Of these alone: ${NAMES}.`, many: true },
    },
    run,
});
