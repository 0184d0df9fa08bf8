import { join, relative, resolve } from "node:path";
import { readSettings, type Settings } from "../../components/platform/settings";
import { command, progress } from "../command";
import type { Shortfall } from "../size/shortfall";
import { shortfalls } from "../size/shortfalls";
import { destinationsOf, printDestinations, type PlannedDestination } from "./destinations";
import { preview, type Plan } from "./engine";
import { judge, packConfig, type Verdict } from "./policies";
import { PolicyPack } from "./policy-pack";
import { print, printShortfalls, printVerdict } from "./print";
import { readStackFile, type StackFile } from "./stack-file";
import { summarize, type PlanSummary } from "./summary";
import { warnings as warningsOf } from "./warnings";

const root = resolve(__dirname, "../..");

interface Request {
    readonly stack: readonly string[];
    readonly json: boolean;
    readonly "no-policies": boolean;
}

/** Stacks share the process: what their programs are made of is loaded for the first. */
async function run({ stack: stacks, json, "no-policies": unjudged }: Request): Promise<void> {
    const told: object[] = [];
    // Before the first is planned: one that is not there is told at once.
    const files = stacks.map((stack) => [stack, readStackFile(root, stack)] as const);
    for (const [stack, file] of files) {
        const { summary, destinations, belowLoad, warnings, policies } = await report(stack, file, unjudged);
        if (json) told.push({ ...summary, destinations, belowLoad, warnings, policies });
        else {
            const parts = [
                print(summary),
                printDestinations(destinations),
                printShortfalls(belowLoad),
                warnings.map((text) => `Warning: ${text}\n`).join(""),
                ...(policies === undefined ? [] : [printVerdict(policies)]),
            ];
            console.log(parts.filter((part) => part !== "").join("\n"));
        }
        if (policies !== undefined && policies.mandatory.length > 0) process.exitCode = 1;
    }
    if (json) console.log(JSON.stringify(told.length === 1 ? told[0] : told, null, 2));
}

interface Report {
    readonly summary: PlanSummary;
    readonly destinations: readonly PlannedDestination[];
    readonly belowLoad: readonly Shortfall[];
    readonly warnings: readonly string[];
    /** Undefined where the policies were not asked. */
    readonly policies: Verdict | undefined;
}

async function report(stack: string, file: StackFile, unjudged: boolean): Promise<Report> {
    progress(`Running the program of stack ${stack}`);
    const { plan, settings } = await planned(stack, file);
    const policies = unjudged ? undefined : await judged(stack, plan);
    const summary = summarize(stack, plan);
    const destinations = destinationsOf(settings);
    const belowLoad = shortfalls(settings, summary);
    return { summary, destinations, belowLoad, warnings: warningsOf(settings), policies };
}

interface Planned {
    readonly plan: Plan;
    readonly settings: Settings;
}

/** The program refuses wrong settings itself, in its own words, so that they are read after it. */
async function planned(stack: string, file: StackFile): Promise<Planned> {
    const plan = await preview(root, stack, file);
    // The engine names whole keys to the program; the file says of each place whether it is encrypted.
    const env = { ...process.env, PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(file.secretPaths) };
    return { plan, settings: readSettings(file.config, file.project, env) };
}

async function judged(stack: string, { resources }: Plan): Promise<Verdict> {
    const pack = join(root, "policies");
    progress(`Asking the policies about ${resources.length} resources`);
    const verdict = await judge(new PolicyPack(), packConfig(pack, stack), resources);
    return { ...verdict, config: verdict.config && relative(root, verdict.config) };
}

export default command(module, {
    name: "plan",
    about: `What the program would ask of the engine, where that is less than the stack's stated load needs, and what the policy
pack says of it; no CLI, no cluster, no network. Fails where a mandatory policy does.`,
    words: { stack: { about: "Stack whose file is planned, one or more.", default: "dev", many: true } },
    options: {
        json: { about: "For machines; a list where there is more than one stack." },
        "no-policies": { about: "Plans without asking the policy pack." },
    },
    run,
});
