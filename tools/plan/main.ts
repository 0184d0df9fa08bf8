import { join, relative, resolve } from "node:path";
import { readSettings, type Settings } from "../../components/platform/settings";
import { command, progress } from "../command";
import { shortfalls } from "../size/shortfalls";
import { preview, type Plan } from "./engine";
import { judge, packConfig, type Verdict } from "./policies";
import { PolicyHost } from "./policy-host";
import { print, printShortfalls, printVerdict } from "./print";
import { readStackFile, type StackFile } from "./stack-file";
import { summarize } from "./summary";
import { warnings } from "./warnings";

interface Request {
    readonly stack: string;
    readonly json: boolean;
    readonly "no-policies": boolean;
}

async function run({ stack, json, "no-policies": unjudged }: Request): Promise<void> {
    const root = resolve(__dirname, "../..");
    const file = readStackFile(root, stack);
    progress(`Running the program of stack ${stack}`);
    const { plan, settings, verdict } = unjudged
        ? { ...(await planned(root, stack, file)), verdict: undefined }
        : await judged(root, stack, file);
    const summary = summarize(stack, plan);
    const belowLoad = shortfalls(settings, summary);
    const told = warnings(settings);
    if (json) console.log(JSON.stringify({ ...summary, belowLoad, warnings: told, policies: verdict }, null, 2));
    else {
        const parts = [
            print(summary),
            printShortfalls(belowLoad),
            told.map((text) => `Warning: ${text}\n`).join(""),
            ...(verdict === undefined ? [] : [printVerdict(verdict)]),
        ];
        console.log(parts.filter((part) => part !== "").join("\n"));
    }
    if (verdict !== undefined && verdict.mandatory.length > 0) process.exitCode = 1;
}

interface Planned {
    readonly plan: Plan;
    readonly settings: Settings;
}

/** The program refuses wrong settings itself, in its own words, so that they are read after it. */
async function planned(root: string, stack: string, file: StackFile): Promise<Planned> {
    const plan = await preview(root, stack, file);
    // The engine names whole keys to the program; the file says of each place whether it is encrypted.
    const env = { ...process.env, PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(file.secretPaths) };
    return { plan, settings: readSettings(file.config, file.project, env) };
}

/** The pack starts while the program runs. */
async function judged(root: string, stack: string, file: StackFile): Promise<Planned & { verdict: Verdict }> {
    const pack = join(root, "policies");
    const [host, program] = await Promise.allSettled([PolicyHost.start(pack), planned(root, stack, file)]);
    try {
        if (program.status === "rejected") throw program.reason;
        if (host.status === "rejected") throw host.reason;
        const { plan, settings } = program.value;
        progress(`Asking the policies about ${plan.resources.length} resources`);
        const verdict = await judge(host.value, packConfig(pack, stack), plan.resources);
        const config = verdict.config && relative(root, verdict.config);
        return { plan, settings, verdict: { ...verdict, config } };
    } finally {
        if (host.status === "fulfilled") host.value.stop();
    }
}

export default command(module, {
    name: "plan",
    about: `What the program would ask of the engine, where that is less than the stack's stated load needs, and what the policy
pack says of it; no CLI, no cluster, no network. Fails where a mandatory policy does.`,
    words: { stack: { about: "Stack whose file is planned.", default: "dev" } },
    options: {
        json: { about: "For machines." },
        "no-policies": { about: "Plans without asking the policy pack." },
    },
    run,
});
