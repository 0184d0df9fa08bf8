import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { StackFile } from "./stack-file";

/** The program ended with an error; its message is what Pulumi would print. */
export class ProgramError extends Error {}

/** Resources that are registered at a time: the CLI's number on four cores. */
const PARALLEL = 16;

/** The SDK knows of one engine in a process: programs run one after the other. */
let running: Promise<unknown> = Promise.resolve();

/**
 * Runs a program here, in a preview of the stack, as Pulumi runs the inline programs of its automation API.
 * @param address where the engine and its monitor listen.
 * @param program makes the resources and gives the stack's outputs.
 * @throws ProgramError with what the program, or a resource of it, ended with.
 */
export function runInline(
    { project, config, secretKeys }: Pick<StackFile, "project" | "config" | "secretKeys">,
    stack: string,
    address: string,
    program: () => Record<string, unknown>,
): Promise<void> {
    const run = running.then(async () => {
        const { runtime } = pulumi;
        runtime.resetOptions(project, stack, PARALLEL, address, address, true, "");
        runtime.setAllConfig(config, secretKeys);
        const failed = new Set<unknown>();
        const fail = (error: unknown) => failed.add(error);
        process.on("unhandledRejection", fail);
        // The SDK reads a stack trace for each promise of each resource, and mapping them to the sources is a fifth of a
        // run. A trace is mapped when it is first read: those of errors that end the program are read after it.
        const traces: { prepareStackTrace?: unknown } = Error;
        const mapped = traces.prepareStackTrace;
        delete traces.prepareStackTrace;
        try {
            await runtime.runInPulumiStack(() => Promise.resolve(program()));
        } catch (error) {
            failed.add(error);
        } finally {
            await runtime.disconnect();
            process.off("unhandledRejection", fail);
            traces.prepareStackTrace = mapped;
        }
        if (failed.size > 0) throw new ProgramError([...failed].map(messageOf).join("\n"));
    });
    running = run.catch(() => undefined);
    return run;
}

/** The program of the project in `root`: what `main` of its Pulumi.yaml names, else its package.json, run anew. */
export function programOf(root: string, secretKeys: readonly string[]): () => Record<string, unknown> {
    const { main } = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as { main?: string };
    const load = createRequire(join(root, "package.json"));
    const path = load.resolve(resolve(root, main ?? "."));
    return () => {
        // Pulumi's own host tells a program by this variable which of its settings are encrypted.
        const before = process.env.PULUMI_CONFIG_SECRET_KEYS;
        process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
        try {
            // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
            delete load.cache[path];
            return load(path) as Record<string, unknown>;
        } finally {
            if (before === undefined) delete process.env.PULUMI_CONFIG_SECRET_KEYS;
            else process.env.PULUMI_CONFIG_SECRET_KEYS = before;
        }
    };
}

/** As Pulumi's host prints it: without a stack trace where the program meant to end so. */
function messageOf(error: unknown): string {
    if (pulumi.RunError.isInstance(error)) return error.message;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
