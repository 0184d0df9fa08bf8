import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Analyzer, Diagnostic } from "./analyzer";
import type { PlannedResource } from "./engine";
import { policyConfig, PolicyConfigError } from "./policy-config";

/** A violation as people read it. */
export interface Finding {
    readonly policy: string;
    /** Kind and name of the resource; `stack` where the policy speaks of all. */
    readonly resource: string;
    readonly message: string;
}

/** What the policy pack says of a plan. */
export interface Verdict {
    /** Name and version. */
    readonly pack: string;
    /** The file that asks for more than the stack's own settings say, where there is one. */
    readonly config: string | undefined;
    /** Policies that are switched on. */
    readonly policies: number;
    /** A deployment with one of these is refused. */
    readonly mandatory: Finding[];
    readonly advisory: Finding[];
    /** Policies that met a value which only a deployment can tell. */
    readonly unchecked: Finding[];
}

/** The pack's settings for a stack. */
export interface PackConfig {
    /** Where they stand; undefined where the stack has no file of its own. */
    readonly file: string | undefined;
    readonly settings: unknown;
}

/**
 * What `<pack>/<stack>.json` asks of a stack beyond what its own settings say, which the pack sees itself.
 * @throws PolicyConfigError where the file is no JSON.
 */
export function packConfig(pack: string, stack: string): PackConfig {
    const file = join(pack, `${stack}.json`);
    return existsSync(file) ? { file, settings: readJson(file) } : { file: undefined, settings: {} };
}

/**
 * Runs every policy on every planned resource, then on the stack, as `pulumi preview --policy-pack` does.
 * @throws PolicyConfigError if the settings do not fit the pack.
 */
export async function judge(
    analyzer: Analyzer,
    { file, settings }: PackConfig,
    resources: readonly PlannedResource[],
): Promise<Verdict> {
    const pack = await analyzer.pack();
    const config = policyConfig(pack.policies, settings);
    await analyzer.configure(config);
    const diagnostics: Diagnostic[] = [];
    // One by one, as the engine does: what a component says must be known before its children are judged.
    for (const resource of resources) diagnostics.push(...(await analyzer.analyze(resource)));
    diagnostics.push(...(await analyzer.analyzeStack(resources)));
    const found = (pick: (diagnostic: Diagnostic) => boolean) => diagnostics.filter(pick).map(findingOf).sort(inOrder);
    return {
        pack: `${pack.name} ${pack.version}`,
        config: file,
        policies: [...config.values()].filter(({ level }) => level !== "disabled").length,
        mandatory: found((diagnostic) => !isUnchecked(diagnostic) && diagnostic.level === "mandatory"),
        advisory: found((diagnostic) => !isUnchecked(diagnostic) && diagnostic.level !== "mandatory"),
        unchecked: found(isUnchecked),
    };
}

function readJson(file: string): unknown {
    try {
        return JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw new PolicyConfigError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
}

/** The host's own words for a policy that read an unknown value; it makes them advisory whatever the policy's level. */
function isUnchecked(diagnostic: Diagnostic): boolean {
    return diagnostic.message.includes(`can't run policy '${diagnostic.policy}'`);
}

function inOrder(one: Finding, other: Finding): number {
    const [a, b] = [one, other].map(({ policy, resource, message }) => JSON.stringify([policy, resource, message]));
    return (a ?? "") < (b ?? "") ? -1 : 1;
}

function findingOf({ policy, urn, message }: Diagnostic): Finding {
    const [, , type, ...name] = urn.split("::");
    const resource = type === undefined ? "stack" : `${type.split(":").at(-1) ?? type} ${name.join("::")}`;
    return { policy, resource, message };
}
