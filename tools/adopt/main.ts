import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { preview, ProgramError } from "../plan/engine";
import { readStackFile, type StackFile } from "../plan/stack-file";
import { at, isRecord, record, records } from "../records";
import { call, CallError } from "./call";
import { placeholder } from "./generated";
import { readLive } from "./live";
import { marked, stateOf } from "./state";

const ROOT = resolve(__dirname, "../..");

/** What is wrong with how the tool was called. */
class UsageError extends Error {}

/**
 * `pulumi stack export | npm run -s adopt -- <stack> | pulumi stack import`: fills the empty state of a stack with what
 * runs in the cluster. Secrets pass through it, so that it writes to a pipe and to nothing else.
 */
async function main(): Promise<void> {
    const { positionals } = parseArgs({ allowPositionals: true });
    const [stack] = positionals;
    if (stack === undefined || !existsSync(join(ROOT, `Pulumi.${stack}.yaml`))) {
        throw new UsageError("Name a stack that has a file: pulumi stack export | npm run -s adopt -- prod");
    }
    if (process.stdin.isTTY || process.stdout.isTTY) {
        throw new UsageError(
            `This reads and writes a state with readable secrets. Use it between two pipes:\n  pulumi stack export --stack ${stack} | npm run -s adopt -- ${stack} | pulumi stack import --stack ${stack}`,
        );
    }
    const state = emptyState(readFileSync(0, "utf8"));
    const file = readConfig(stack);
    const plan = await preview(ROOT, stack, file, placeholder);
    const objects = plan.resources.map(({ inputs }) => inputs).filter(({ kind }) => typeof kind === "string");
    const live = readLive(objects, file.config["kubernetes:context"]);
    const { resources, left } = stateOf(plan, live, providersOf(file));
    console.log(JSON.stringify({ ...state, deployment: { ...state.deployment, resources } }));
    console.error([`${resources.length} resources`, ...left.map((one) => `not in the cluster: ${one}`)].join("\n"));
}

/** An export of a stack in which nothing is deployed. */
function emptyState(text: string): { deployment: Record<string, unknown> } {
    const state: unknown = text.trim() === "" ? undefined : JSON.parse(text);
    if (!isRecord(state) || !isRecord(state.deployment)) throw new UsageError("The input is no `pulumi stack export`.");
    const held = records(state.deployment.resources).filter(({ custom }) => custom === true);
    if (held.length > 0)
        throw new UsageError(`This state holds ${held.length} resources: only an empty one is filled.`);
    return { ...state, deployment: state.deployment };
}

/** The configuration as the engine has it for `pulumi up`, decrypted: what secrets say is part of what was deployed. */
function readConfig(stack: string): StackFile {
    const text = call("pulumi", ["config", "--json", "--show-secrets", "--cwd", ROOT, "--stack", stack]);
    const entries = Object.entries(record(JSON.parse(text))).map(([key, entry]) => [key, record(entry)] as const);
    const secretKeys = entries.filter(([, { secret }]) => secret === true).map(([key]) => key);
    return {
        project: readStackFile(ROOT, stack).project,
        config: Object.fromEntries(entries.map(([key, { value }]) => [key, String(value)])),
        secretKeys,
        secretPaths: secretKeys,
    };
}

/** Inputs of the two default providers, with what the stack configures for them. */
function providersOf({ config, secretKeys }: StackFile): Record<string, Record<string, unknown>> {
    return Object.fromEntries(
        ["kubernetes", "random"].map((name) => {
            const manifest = readFileSync(require.resolve(`@pulumi/${name}/package.json`), "utf8");
            const configured = Object.entries(config)
                .filter(([key]) => key.startsWith(`${name}:`))
                .map(([key, value]) => [key.slice(name.length + 1), secretKeys.includes(key) ? marked(value) : value]);
            return [name, { ...Object.fromEntries(configured), version: at(JSON.parse(manifest), "version") }];
        }),
    );
}

main().catch((error: unknown) => {
    const expected = [ProgramError, UsageError, CallError].some((kind) => error instanceof kind);
    console.error(expected ? (error as Error).message : error);
    process.exitCode = 1;
});
