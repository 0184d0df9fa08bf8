import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { resolve } from "node:path";
import { command, UsageError } from "../command";
import { onPath } from "../on-path";
import { CI, PLAN, TESTS, VERIFY } from "./commands";
import { BenchError } from "./cpu";
import { PREVIEW, UP_AT_REST, UP_BUSY } from "./deployments";
import { GROWTH } from "./growth";
import type { Part } from "./part";
import { print } from "./print";
import { keepResult, readResults } from "./results";

const PARTS: readonly Part[] = [PLAN, PREVIEW, UP_AT_REST, UP_BUSY, TESTS, CI, VERIFY, GROWTH];

const NAMES = PARTS.map(({ name }) => name);

interface Request {
    readonly base: string | undefined;
    readonly runs: string;
    readonly only: readonly string[];
    readonly results: string;
}

async function run({ base, runs, only, results: file }: Request): Promise<void> {
    const times = Number(runs);
    if (!Number.isInteger(times) || times < 0) throw new UsageError(`--runs wants a whole number: ${runs}`);
    const unknown = only.find((wanted) => !NAMES.includes(wanted));
    if (unknown !== undefined) throw new UsageError(`--only ${unknown}: there is ${NAMES.join(", ")}`);
    const here = resolve(__dirname, "../..");
    const other = base === undefined ? undefined : { folder: resolve(base), commit: commitOf(resolve(base)) };
    const wanted = PARTS.filter((part) => (only.length > 0 ? only.includes(part.name) : part !== CI));
    for (const { name, needs, measure } of times === 0 ? [] : wanted) {
        const absent = needs.filter((program) => !onPath(program));
        if (absent.length > 0) {
            console.error(`${name}: not measured, ${absent.join(", ")} not on PATH`);
            continue;
        }
        const before = loadavg()[0] ?? NaN;
        const { rows, missing = [] } = await measure({ here, base: other, runs: times });
        keepResult(file, name, {
            rows,
            missing,
            commit: commitOf(here),
            runs: name === CI.name ? 1 : times,
            node: process.version,
            cores: cpus().length,
            load: [before, loadavg()[0] ?? NaN],
            ended: new Date().toISOString(),
        });
    }
    const results = readResults(file);
    if (Object.keys(results).length === 0) throw new BenchError("nothing was measured");
    console.log(print(results, NAMES));
}

/** The commit of a checkout, and whether it has changes. */
function commitOf(folder: string): string {
    return execFileSync("git", ["describe", "--always", "--dirty", "--exclude=*"], {
        cwd: folder,
        encoding: "utf8",
    }).trim();
}

export default command(module, {
    name: "bench",
    about: `What the commands take, beside another checkout, Helm alone and a program without all of this, each in turn with them:

${PARTS.map(({ name, about }) => `  ${name.padEnd(8)} ${about}`).join("\n")}

A part that is measured takes its place among the others' results, and the table is of all of them.`,
    options: {
        base: {
            value: "FOLDER",
            about: "Another checkout, with its packages installed; without it there are no ratios to it.",
        },
        runs: { value: "N", about: "Runs of which the median is taken; 0 prints what was measured.", default: "5" },
        only: { value: "NAME", about: `Of these alone: ${NAMES.join(", ")}.`, many: true },
        results: { value: "FILE", about: "Results of all parts, in JSON.", default: "out/bench.json" },
    },
    run,
});
