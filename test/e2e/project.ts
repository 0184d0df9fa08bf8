import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { LocalWorkspace, type EngineEvent, type LocalWorkspaceOptions, type Stack } from "@pulumi/pulumi/automation";
import { copyProgram } from "../../tools/bench/cli-stack";

const ROOT = resolve(__dirname, "../..");

/**
 * The program in a folder of its own, with its state beside it: the CLI writes into stack files, which must not change
 * the ones under version control.
 */
export async function openStack(folder: string, stackName: string, env: Record<string, string>): Promise<Stack> {
    const workDir = join(folder, "program");
    copyProgram(ROOT, folder);
    for (const name of ["state", "home"]) mkdirSync(join(folder, name), { recursive: true });
    return LocalWorkspace.createOrSelectStack({ stackName, workDir }, engineOf(folder, env));
}

/** A stack of another project in the same backend, which has nothing but outputs. */
export async function openOutputs(
    folder: string,
    projectName: string,
    stackName: string,
    program: () => Promise<Record<string, unknown>>,
): Promise<Stack> {
    for (const name of ["state", "home"]) mkdirSync(join(folder, name), { recursive: true });
    return LocalWorkspace.createOrSelectStack({ projectName, stackName, program }, engineOf(folder, {}));
}

function engineOf(folder: string, env: Record<string, string>): LocalWorkspaceOptions {
    return {
        pulumiHome: join(folder, "home"),
        secretsProvider: "passphrase",
        envVars: {
            PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "end-to-end",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            ...env,
        },
    };
}

/** Resources that a preview would touch, as `type name operation`. */
export async function changes(stack: Stack): Promise<string[]> {
    return touched((onEvent) => stack.preview({ onEvent }));
}

/** Deploys, and tells what that touched in the same words. */
export async function deploy(stack: Stack): Promise<string[]> {
    return touched((onEvent) => stack.up({ onEvent }));
}

async function touched(run: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<string[]> {
    const all: string[] = [];
    await run((event) => {
        const step = event.resourcePreEvent?.metadata;
        // What is read of another stack is read each time.
        if (step && step.op !== "same" && step.op !== "read" && step.type !== "pulumi:pulumi:Stack") {
            all.push(
                `${step.type.split(":").at(-1) ?? step.type} ${step.urn.split("::").at(-1) ?? step.urn} ${step.op}`,
            );
        }
    });
    return all.sort();
}
