import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type * as resource from "@pulumi/pulumi/proto/resource_pb";
import { parse } from "yaml";
import type { StackFile } from "./stack-file";

/** The program ended with an error; its message is what Pulumi would print. */
export class ProgramError extends Error {}

export type Done<Response> = (error: Error | null, response?: Response) => void;

type Call<Request, Response> = (request: Request, done: Done<Response>) => void;

/**
 * What the SDK calls of the service `pulumirpc.ResourceMonitor`, in this process: the SDK takes one in place of an address
 * for the tests of programs. Through gRPC's sockets the same calls are half of what a plan takes.
 */
export interface Monitor {
    readonly supportsFeature: Call<resource.SupportsFeatureRequest, resource.SupportsFeatureResponse>;
    readonly registerResource: Call<resource.RegisterResourceRequest, resource.RegisterResourceResponse>;
    readonly registerResourceOutputs: Call<resource.RegisterResourceOutputsRequest, Empty>;
    readonly readResource: Call<resource.ReadResourceRequest, resource.ReadResourceResponse>;
    readonly invoke: Call<resource.ResourceInvokeRequest, never>;
    readonly call: Call<resource.ResourceCallRequest, never>;
    readonly signalAndWaitForShutdown: Call<Empty, Empty>;
    readonly close: () => void;
}

type Tell = (text: string) => Promise<void>;

/** The SDK knows of one monitor in a process: programs run one after the other. */
let running: Promise<unknown> = Promise.resolve();

/**
 * Runs a program here, in a preview of the stack, as Pulumi runs the inline programs of its automation API.
 * @param monitor is told of its resources.
 * @param program makes the resources and gives the stack's outputs.
 * @throws ProgramError with what the program, or a resource of it, ended with.
 */
export function runInline(
    { project, config, secretKeys }: Pick<StackFile, "project" | "config" | "secretKeys">,
    stack: string,
    monitor: Monitor,
    program: () => Record<string, unknown>,
): Promise<void> {
    const run = running.then(async () => {
        const { runtime } = pulumi;
        runtime.setMockOptions(monitor, project, stack, true);
        runtime.setAllConfig(config, secretKeys);
        const failed = new Set<unknown>();
        const fail = (error: unknown) => failed.add(error);
        process.on("unhandledRejection", fail);
        const { log } = pulumi as { log: { info: Tell } };
        const { info } = log;
        // Standard output is for what is asked of a command, JSON for one; the SDK's warnings stand on standard error anyway.
        log.info = (text) => {
            console.error(`info: [runtime] ${text}`);
            return Promise.resolve();
        };
        try {
            await runtime.runInPulumiStack(() => Promise.resolve(program()));
        } catch (error) {
            failed.add(error);
        } finally {
            await runtime.disconnect();
            // What nobody handled is told when all that follows from it is done.
            await setImmediate();
            process.off("unhandledRejection", fail);
            log.info = info;
        }
        // What the program logs as an error stands on standard error already.
        if (failed.size === 0 && pulumi.log.hasErrors())
            failed.add(new pulumi.RunError("The program logged an error."));
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

/** As Pulumi's host prints it: without a stack trace where the program meant to end so, else with causes. */
function messageOf(error: unknown): string {
    if (pulumi.RunError.isInstance(error)) return error.message;
    return error instanceof Error ? inspect(error) : String(error);
}
