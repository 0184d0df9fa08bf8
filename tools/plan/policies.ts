import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlannedResource } from "./engine";
import { policyConfig, PolicyConfigError } from "./policy-config";
import type { Diagnostic, PolicyHost } from "./policy-host";

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
    /** The file with the settings; the policies' own defaults where there is none. */
    readonly config: string | undefined;
    /** Policies that are switched on. */
    readonly policies: number;
    /** A deployment with one of these is refused. */
    readonly mandatory: Finding[];
    readonly advisory: Finding[];
    /** Policies that met a value which only a deployment can tell. */
    readonly unchecked: Finding[];
}

/** The settings of the pack for a stack, `<pack>/<stack>.json`, where there is such a file. */
export function packConfigFile(pack: string, stack: string): string | undefined {
    const file = join(pack, `${stack}.json`);
    return existsSync(file) ? file : undefined;
}

/**
 * Runs every policy on every planned resource, then on the stack, as `pulumi preview --policy-pack` does.
 * @param file JSON file with the policies' settings; undefined for their defaults.
 * @throws PolicyConfigError if the file does not fit the pack.
 */
export async function judge(
    host: PolicyHost,
    file: string | undefined,
    resources: readonly PlannedResource[],
): Promise<Verdict> {
    const pack = await host.pack();
    const config = policyConfig(pack.policies, file === undefined ? {} : readJson(file));
    await host.configure(config);
    const diagnostics = [
        ...(await Promise.all(resources.map((resource) => host.analyze(resource)))).flat(),
        ...(await host.analyzeStack(resources)),
    ];
    const found = (pick: (diagnostic: Diagnostic) => boolean) => diagnostics.filter(pick).map(findingOf);
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

function findingOf({ policy, urn, message }: Diagnostic): Finding {
    const [, , type, ...name] = urn.split("::");
    const resource = type === undefined ? "stack" : `${type.split(":").at(-1) ?? type} ${name.join("::")}`;
    return { policy, resource, message };
}
