import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readSettings } from "../../components/platform/settings";
import { run } from "../command";
import { shortfalls } from "../size/shortfalls";
import { preview, ProgramError, type Plan } from "./engine";
import { judge, packConfig, type Verdict } from "./policies";
import { PolicyHost } from "./policy-host";
import { print, printShortfalls, printVerdict } from "./print";
import { readStackFile } from "./stack-file";
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
    const { plan, verdict } =
        values["no-policies"] === true
            ? { plan: await planned(root, stack), verdict: undefined }
            : await judged(root, stack);
    const summary = summarize(stack, plan);
    const { config, project } = readStackFile(root, stack);
    const belowLoad = shortfalls(readSettings(config, project, process.env), summary);
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

async function planned(root: string, stack: string): Promise<Plan> {
    if (!existsSync(join(root, `Pulumi.${stack}.yaml`))) throw new ProgramError(`There is no Pulumi.${stack}.yaml.`);
    return preview(root, stack, readStackFile(root, stack));
}

/** The pack starts while the program runs. */
async function judged(root: string, stack: string): Promise<{ plan: Plan; verdict: Verdict }> {
    const pack = join(root, "policies");
    const [host, plan] = await Promise.allSettled([PolicyHost.start(pack), planned(root, stack)]);
    try {
        if (plan.status === "rejected") throw plan.reason;
        if (host.status === "rejected") throw host.reason;
        const { config, project } = readStackFile(root, stack);
        const { survives } = readSettings(config, project, process.env).platform;
        const verdict = await judge(host.value, packConfig(pack, stack, survives), plan.value.resources);
        return { plan: plan.value, verdict: { ...verdict, config: relative(root, verdict.config) } };
    } finally {
        if (host.status === "fulfilled") host.value.stop();
    }
}

run(main);
