import { z } from "zod";
import { isRecord } from "../records";

const LEVELS = ["advisory", "mandatory", "remediate", "disabled"] as const;

/** How strictly a policy is enforced, as Pulumi spells it. */
export type Level = (typeof LEVELS)[number];

/** What a pack says of one of its policies. */
export interface PolicyInfo {
    readonly name: string;
    readonly level: Level;
    /** JSON schemas of its settings. */
    readonly properties: Record<string, unknown>;
    readonly required: readonly string[];
}

export interface PolicyConfig {
    readonly level: Level;
    readonly properties: Record<string, unknown>;
}

/** A file of policy settings that does not fit its pack. */
export class PolicyConfigError extends Error {}

/**
 * The settings of every policy: its own defaults, then what the file says of `all`, then what it says of the policy.
 * A name that no policy or setting has is an error here; `pulumi preview` would ignore it.
 * @param file what the JSON file holds: a level, or an object with `enforcementLevel` and settings, by policy.
 * @throws PolicyConfigError with every problem at once.
 */
export function policyConfig(policies: readonly PolicyInfo[], file: unknown): Map<string, PolicyConfig> {
    const problems: string[] = [];
    const given = isRecord(file) ? file : {};
    if (!isRecord(file)) problems.push("expected an object with the names of policies as keys");
    const known = policies.map((policy) => policy.name);
    for (const name of Object.keys(given)) {
        if (name !== "all" && !known.includes(name)) {
            problems.push(`${name}: no such policy; the pack has ${known.join(", ")}`);
        }
    }
    const all = entry("all", given.all, problems).level;
    const result = new Map<string, PolicyConfig>();
    for (const policy of policies) {
        const own = entry(policy.name, given[policy.name], problems);
        const properties = { ...defaults(policy), ...own.properties };
        for (const [key, value] of Object.entries(own.properties)) {
            const schema = policy.properties[key];
            if (isRecord(schema)) problems.push(...misfits(schema, value, `${policy.name}: ${key}`));
            else problems.push(`${policy.name}: no such setting: ${key}`);
        }
        for (const key of policy.required) {
            if (!(key in properties)) problems.push(`${policy.name}: ${key} is required`);
        }
        result.set(policy.name, { level: own.level ?? all ?? policy.level, properties });
    }
    if (problems.length > 0) throw new PolicyConfigError(problems.map((problem) => `  ${problem}`).join("\n"));
    return result;
}

function entry(name: string, value: unknown, problems: string[]): { level?: Level; properties: object } {
    if (value === undefined) return { properties: {} };
    const { enforcementLevel, ...properties } = isRecord(value) ? value : { enforcementLevel: value };
    if (enforcementLevel === undefined) return { properties };
    if (isLevel(enforcementLevel)) return { level: enforcementLevel, properties };
    problems.push(`${name}: not an enforcement level: ${JSON.stringify(enforcementLevel)}`);
    return { properties };
}

/** What a JSON schema says against a value. */
function misfits(schema: Record<string, unknown>, value: unknown, at: string): string[] {
    const { error } = z.fromJSONSchema(schema).safeParse(value);
    return (error?.issues ?? []).map(({ path, message }) => `${[at, ...path].join(".")}: ${message}`);
}

function defaults(policy: PolicyInfo): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(policy.properties).flatMap(([key, schema]) =>
            isRecord(schema) && "default" in schema ? [[key, schema.default]] : [],
        ),
    );
}

function isLevel(value: unknown): value is Level {
    return LEVELS.some((level) => level === value);
}
