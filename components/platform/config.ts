import { nearest } from "../settings/nearest";
import { unwrap } from "../settings/places";
import { problem, type SettingsProblem } from "../settings/problem";
import { z } from "zod";
import { OTHER_NAMES, settingsSchema } from "./slices";

/** Settings as they were written, and what could not be read of them. */
interface Read {
    readonly raw: Map<string, unknown>;
    readonly problems: readonly SettingsProblem[];
}

const SHAPE: ReadonlyMap<string, z.ZodType> = new Map(
    Object.entries(settingsSchema.shape as Record<string, z.ZodType>),
);

/** The configuration below the project's namespace, as the engine hands it on. */
export function readConfig(config: Readonly<Record<string, string>>, project: string): Read {
    const raw = new Map<string, unknown>();
    const problems: SettingsProblem[] = [];
    for (const [key, value] of Object.entries(config)) {
        const colon = key.indexOf(":");
        const [namespace, name] = [key.slice(0, colon), key.slice(colon + 1)];
        if (namespace !== project) problems.push(...strayKey(key, namespace, name, project));
        else if (isFlat(name)) problems.push(flatKey(name, project));
        else if (value === "" || value === "null") problems.push(...blankKey(name));
        else {
            try {
                raw.set(name, fromConfig(value));
            } catch {
                problems.push(noJson(name));
            }
        }
    }
    return { raw, problems };
}

/** A key of a map with nothing below it is as if it were not there; of a value, nobody can tell what was meant. */
function blankKey(name: string): SettingsProblem[] {
    const schema = SHAPE.get(name);
    const of = schema && unwrap(schema);
    if (of instanceof z.ZodObject || of instanceof z.ZodRecord || of instanceof z.ZodDiscriminatedUnion) return [];
    const fix = schema === undefined ? "remove it" : "write a value, or remove the key";
    return [problem(name, "nothing", "a key that is absent, or has a value", fix)];
}

/** `metrics.retention` is a key of that name to the engine, unless it is told that it is a path. */
function isFlat(name: string): boolean {
    const [first = ""] = name.split(/[.[]/, 1);
    return first !== name && SHAPE.has(first);
}

function flatKey(name: string, project: string): SettingsProblem {
    const [first = ""] = name.split(/[.[]/, 1);
    const fix = `pulumi config set --path '${project}:${name}' <value>, or write it below ${first} in the stack file`;
    return problem(name, "a key of that name", `${first} as a map with keys below it`, fix);
}

/** Namespaces of the providers that the program uses, and of the engine: what stands there is theirs. */
const OTHERS = ["kubernetes", "random", "pulumi"];

/** A key of another namespace would be passed over in silence: one that was surely meant for this program is refused. */
function strayKey(key: string, namespace: string, name: string, project: string): SettingsProblem[] {
    if (OTHERS.includes(namespace)) return [];
    const allowed = `keys below ${project}:`;
    const given = "a key of another namespace";
    if (nearest(namespace, [project]) !== undefined || SHAPE.has(name)) {
        return [problem(key, given, allowed, `write ${project}:${name}`)];
    }
    const lower = namespace.toLowerCase();
    const meant = SHAPE.has(namespace) ? namespace : Object.hasOwn(OTHER_NAMES, lower) ? OTHER_NAMES[lower] : undefined;
    return meant === undefined ? [] : [problem(key, given, allowed, `write ${project}:${meant}, and ${name} below it`)];
}

/**
 * The engine hands every value as text: maps and lists as JSON, all else as it was written.
 * @throws SyntaxError
 */
function fromConfig(value: string): unknown {
    if (value === "true" || value === "false") return value === "true";
    return /^\s*[[{]/.test(value) ? (JSON.parse(value) as unknown) : value;
}

/** The text itself is not repeated, nor is the parser's message, which quotes it: there may be a credential in it. */
function noJson(key: string): SettingsProblem {
    return problem(
        key,
        "a text that begins with [ or { and is not JSON",
        "a map or a list as JSON, or as YAML in the stack file",
        `write it below ${key} in the stack file, or each value by pulumi config set --path '${key}.<key>' <value>`,
    );
}
