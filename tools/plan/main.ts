import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readSettings, type Settings } from "../../components/platform/settings";
import { run } from "../command";
import { shortfalls } from "../size/shortfalls";
import { preview, ProgramError, type Plan } from "./engine";
import { judge, packConfig, type Verdict } from "./policies";
import { PolicyHost } from "./policy-host";
import { print, printShortfalls, printVerdict } from "./print";
import { readStackFile, type StackFile } from "./stack-file";
import { summarize } from "./summary";

/**
 * `npm run plan -- [stack] [--json] [--no-policies]`: what the program would ask of the engine, where that is less than
 * the stack's stated load needs, and what the policy pack says of it; no CLI, no cluster, no network. Fails where a
 * mandatory policy does.
 */
async function main(): Promise<void> {
    const { values, positionals } = parseArgs({
        options: { json: { type: "boolean" }, "no-policies": { type: "boolean" } },
        allowPositionals: true,
    });
    const stack = positionals[0] ?? "dev";
    const root = resolve(__dirname, "../..");
    if (!existsSync(join(root, `Pulumi.${stack}.yaml`))) throw new ProgramError(`There is no Pulumi.${stack}.yaml.`);
    const file = readStackFile(root, stack);
    const { plan, settings, verdict } =
        values["no-policies"] === true
            ? { ...(await planned(root, stack, file)), verdict: undefined }
            : await judged(root, stack, file);
    const summary = summarize(stack, plan);
    const belowLoad = shortfalls(settings, summary);
    if (values.json === true) console.log(JSON.stringify({ ...summary, belowLoad, policies: verdict }, null, 2));
    else {
        const parts = [
            print(summary),
            printShortfalls(belowLoad),
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
        const config = packConfig(pack, stack, settings.platform.survives);
        const verdict = await judge(host.value, config, plan.resources);
        return { plan, settings, verdict: { ...verdict, config: relative(root, verdict.config) } };
    } finally {
        if (host.status === "fulfilled") host.value.stop();
    }
}

run(main);
