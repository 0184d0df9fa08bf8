import { execFile } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { RENDERED } from "../kept";
import { BenchError, cpuSeconds } from "./cpu";
import { inTurn, type Base, type Context, type Part } from "./part";
import type { Row } from "./results";

/** CPU time of a command of a checkout, as its package.json starts it. */
export function commandSeconds(checkout: string, tool: string, words: readonly string[]): Promise<number> {
    const own = join(checkout, "transpile.js");
    const typescript = existsSync(own) ? own : "ts-node/register/transpile-only";
    return cpuSeconds(checkout, ["--require", typescript, join(checkout, "tools", tool, "main.ts"), ...words]);
}

export const PLAN: Part = {
    name: "plan",
    about: "plan of prod with the policies, and of a further stack in the same call",
    needs: [],
    measure: async ({ here, base, runs }) => {
        const { one, two, other } = await inTurn(runs, {
            one: () => commandSeconds(here, "plan", ["prod"]),
            two: () => commandSeconds(here, "plan", ["prod", "dev"]),
            other: () => (base ? commandSeconds(base.folder, "plan", ["prod"]) : Promise.resolve(NaN)),
        });
        const further = { name: "the first", value: one };
        return {
            rows: [
                { name: "`plan -- prod`", unit: "s of CPU", here: one, beside: of(base, other), atMost: 0.4 },
                { name: "a second stack, `dev`", unit: "s of CPU", here: two - one, beside: further, atMost: 0.2 },
            ],
            missing: withoutBase(base),
        };
    },
};

export const VERIFY: Part = {
    name: "verify",
    about: "verify of prod",
    needs: ["helm"],
    measure: async ({ here, base, runs }) => {
        const { first, one, other } = await inTurn(runs, {
            first: () => {
                rmSync(RENDERED.folder, { recursive: true, force: true });
                return commandSeconds(here, "verify", ["prod"]);
            },
            one: () => commandSeconds(here, "verify", ["prod"]),
            other: () => (base ? commandSeconds(base.folder, "verify", ["prod"]) : Promise.resolve(NaN)),
        });
        const checks = base && (await Promise.all([here, base.folder].map(checksOf)));
        const note = checks && { note: `${checks[0] ?? 0} checks beside ${checks[1] ?? 0}` };
        const row = (name: string, here: number): Row => {
            return { name, unit: "s of CPU", here, beside: of(base, other), atMost: 0.5, ...note };
        };
        const rows = [row("`verify -- prod`", one), row("`verify -- prod`, of which nothing is kept yet", first)];
        return { rows, missing: withoutBase(base) };
    },
};

/** How many checks verify says that it made. */
async function checksOf(checkout: string): Promise<number> {
    const { stdout } = await promisify(execFile)("npm", ["run", "-s", "verify", "--", "prod"], {
        cwd: checkout,
        maxBuffer: 2 ** 26,
    });
    return [...stdout.matchAll(/^ +\S+ +ok +\S/gm)].length;
}

export const TESTS: Part = {
    name: "tests",
    about: "npm test, from its start to its end",
    needs: [],
    measure: async ({ here, base, runs }) => {
        const counts = new Map<string, number>();
        const test = async (checkout: string) => {
            const started = Date.now();
            counts.set(checkout, await passing(checkout));
            return (Date.now() - started) / 1000;
        };
        const { one, other } = await inTurn(runs, {
            one: () => test(here),
            other: () => (base ? test(base.folder) : Promise.resolve(NaN)),
        });
        const note = base && { note: `${counts.get(here) ?? 0} tests beside ${counts.get(base.folder) ?? 0}` };
        return {
            rows: [{ name: "`npm test`", unit: "s", here: one, beside: of(base, other), atMost: 0.35, ...note }],
            missing: withoutBase(base),
        };
    },
};

/** Runs the tests of a checkout. @returns how many pass. @throws BenchError where one fails. */
async function passing(checkout: string): Promise<number> {
    const run = promisify(execFile)("npm", ["test", "--silent"], { cwd: checkout, maxBuffer: 2 ** 28 });
    const { stdout } = await run.catch((error: unknown) => {
        throw new BenchError(
            `npm test in ${checkout} failed:\n${String((error as { stdout?: string }).stdout).slice(-4000)}`,
        );
    });
    return Number(/^\s+(\d+) passing/m.exec(stdout)?.[1] ?? NaN);
}

export const CI: Part = {
    name: "ci",
    about: ".ci/run with all that it finds, once, which takes an hour; only where it is named",
    needs: ["bash"],
    measure: async ({ here, base }: Context) => {
        const ci = async (checkout: string) => {
            const started = Date.now();
            await promisify(execFile)("bash", [".ci/run"], { cwd: checkout, maxBuffer: 2 ** 28 });
            return (Date.now() - started) / 1000;
        };
        const { one, other } = await inTurn(1, {
            one: () => ci(here),
            other: () => (base ? ci(base.folder) : Promise.resolve(NaN)),
        });
        return {
            rows: [{ name: "`.ci/run`", unit: "s", here: one, beside: of(base, other), atMost: 0.6 }],
            missing: withoutBase(base),
        };
    },
};

function of(base: Base | undefined, value: number): Row["beside"] {
    return base && { name: base.commit, value };
}

function withoutBase(base: Base | undefined): string[] {
    return base === undefined ? ["ratios to another checkout: it wants --base FOLDER"] : [];
}
