import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { strings } from "../../tools/records";
import { parseManifests, type KubernetesObject } from "../../tools/render/manifests";

export const APPLICATION = resolve(__dirname, "../../examples/application");

interface Made {
    readonly type: string;
    readonly inputs: Record<string, unknown>;
}

/**
 * Every object that the example application's Pulumi program makes.
 * @param outputs of the platform's stack.
 */
export async function madeByProgram(outputs: Record<string, unknown>): Promise<KubernetesObject[]> {
    const made: Made[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs, id }) => {
                made.push({ type, inputs: inputs as Record<string, unknown> });
                const state = type === "pulumi:pulumi:StackReference" ? { outputs } : {};
                return { id: id ?? name, state: { ...(inputs as object), ...state } };
            },
            call: ({ inputs }) => inputs as Record<string, unknown>,
        },
        "shop",
    );
    pulumi.runtime.setAllConfig({ "shop:platform": "organization/observability/prod" });
    const load = createRequire(__filename);
    const program = load.resolve(entryPoint(join(APPLICATION, "pulumi")));
    // It makes its resources as it is loaded.
    Reflect.deleteProperty(load.cache, program);
    load(program);
    await pulumi.runtime.disconnect();
    return made.flatMap(objectsOf);
}

/** What Pulumi runs of a project. Without a `main` that is the one of the nearest package.json above, the platform's. */
function entryPoint(project: string): string {
    const { main } = parse(readFileSync(join(project, "Pulumi.yaml"), "utf8")) as { main?: string };
    if (main === undefined) throw new Error(`${project}/Pulumi.yaml has no main: the platform's program would run`);
    return join(project, main);
}

function objectsOf({ type, inputs }: Made): KubernetesObject[] {
    switch (type) {
        case "kubernetes:core/v1:ConfigMap":
            return [{ apiVersion: "v1", kind: "ConfigMap", ...inputs } as unknown as KubernetesObject];
        case "kubernetes:yaml/v2:ConfigFile":
            return parseManifests(readFileSync(String(inputs.file), "utf8"));
        case "kubernetes:yaml/v2:ConfigGroup":
            return strings(inputs.files)
                .flatMap(matching)
                .flatMap((file) => parseManifests(readFileSync(file, "utf8")));
        default:
            return [];
    }
}

/** Files of a pattern `FOLDER/*.EXTENSION`. */
function matching(pattern: string): string[] {
    const ending = basename(pattern).replace("*", "");
    return readdirSync(dirname(pattern))
        .filter((name) => name.endsWith(ending))
        .map((name) => join(dirname(pattern), name));
}
