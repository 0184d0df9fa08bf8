import { RunError } from "@pulumi/pulumi/errors";
import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import { about, type About } from "./types";
import { pathOf, setSecret, withoutLogin, type SettingsProblem } from "./problem";

/** Turns what zod found into problems that say path, given, allowed and what to write instead. */
export function problemsOf(error: z.ZodError, schema: z.ZodType, raw: unknown, prefix: string): SettingsProblem[] {
    return error.issues.flatMap((issue) => {
        const path = issue.path.filter((key) => typeof key !== "symbol");
        const place = locate(schema, raw, path);
        if (issue.code === "invalid_key")
            return [wrongKey(pathOf(prefix, path), locate(schema, raw, path.slice(0, -1)), path)];
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map((key) =>
                unknownKey(
                    pathOf(prefix, [...path, key]),
                    key,
                    keysOf(place.schema, place.value),
                    place.meaning.otherNames,
                ),
            );
        }
        return [wrongValue(pathOf(prefix, path), place)];
    });
}

/** All problems as one text for the terminal. */
export function report(problems: readonly SettingsProblem[]): string {
    const entries = problems.map(
        (p) => `  ${p.path}\n    given:   ${p.given}\n    allowed: ${p.allowed}\n    fix:     ${p.fix}`,
    );
    const title = problems.length === 1 ? "1 problem in the settings" : `${problems.length} problems in the settings`;
    return `${title} of this stack:\n${entries.join("\n")}`;
}

/**
 * The error that ends a program with all problems as its message, and nothing else: a component provider prints the stack
 * of a rejected output where it has one, and Pulumi hides it only in a program of its own.
 */
export function refusal(problems: readonly SettingsProblem[]): RunError {
    const error = new RunError(report(problems));
    delete error.stack;
    return error;
}

interface Place {
    schema: z.ZodType | undefined;
    value: unknown;
    meaning: About;
    /** Whether the value may be a credential, or hold one. */
    secret: boolean;
    /** The words that may stand here, where they are few. */
    choices: readonly string[] | undefined;
}

/** Follows a path through schema and value. */
function locate(schema: z.ZodType, raw: unknown, path: readonly PropertyKey[]): Place {
    let at: z.ZodType | undefined = schema;
    let value = raw;
    let meaning: About = meaningOf(schema);
    let choices: string[] | undefined;
    for (const key of path) {
        const outer = at && unwrap(at);
        at = at && childOf(at, key, value);
        choices = outer instanceof z.ZodDiscriminatedUnion ? choicesOf(outer, key) : undefined;
        value = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
        meaning = at ? meaningOf(at) : {};
    }
    const target = at && unwrap(at);
    if (target instanceof z.ZodEnum) choices = target.options.map(String);
    if (choices) meaning = { allowed: alternatives(choices), ...meaning };
    // What cannot be found in the schema may be anything.
    const secret = at === undefined || holdsSecret(at);
    return { schema: target, value, meaning, secret, choices };
}

/** What a key may hold that tells the options of a union apart; undefined for another key. */
function choicesOf(union: z.ZodDiscriminatedUnion, key: PropertyKey): string[] | undefined {
    if (key !== union.def.discriminator) return undefined;
    const options = union.options as unknown as z.ZodObject<Record<string, z.ZodType>>[];
    return options.flatMap(({ shape }) => {
        const tag = shape[key];
        return tag instanceof z.ZodLiteral ? [...tag.values].map(String) : [];
    });
}

/** `minio`, `minio or s3`, `none, basic or bearer`. */
function alternatives(words: readonly string[]): string {
    return words.length < 2 ? words.join() : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

/** Whether a credential may stand here, or below: whoever writes a text where a map belongs writes the text that matters. */
function holdsSecret(schema: z.ZodType): boolean {
    if (meaningOf(schema).secret === true) return true;
    const of = unwrap(schema);
    if (of instanceof z.ZodObject) return Object.values(of.shape).some(holdsSecret);
    if (of instanceof z.ZodRecord) return holdsSecret(of.valueType as z.ZodType);
    if (of instanceof z.ZodArray) return holdsSecret(of.element as z.ZodType);
    if (of instanceof z.ZodUnion) return (of.options as z.ZodType[]).some(holdsSecret);
    return false;
}

function meaningOf(schema: z.ZodType): About {
    return { ...about.get(unwrap(schema)), ...about.get(schema) };
}

function unwrap(schema: z.ZodType): z.ZodType {
    return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function childOf(schema: z.ZodType, key: PropertyKey, value: unknown): z.ZodType | undefined {
    const of = unwrap(schema);
    if (of instanceof z.ZodObject) return (of.shape as Record<PropertyKey, z.ZodType>)[key];
    if (of instanceof z.ZodRecord) return of.valueType as z.ZodType;
    if (of instanceof z.ZodArray) return of.element as z.ZodType;
    if (of instanceof z.ZodDiscriminatedUnion) return chosenOption(of, value)?.shape[key as string];
    return undefined;
}

/** The option of a union that the value's discriminator names; any option where it names none. */
function chosenOption(
    union: z.ZodDiscriminatedUnion,
    value: unknown,
): z.ZodObject<Record<string, z.ZodType>> | undefined {
    const options = union.options as unknown as z.ZodObject<Record<string, z.ZodType>>[];
    const tag = union.def.discriminator;
    const given = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[tag] : undefined;
    return options.find((option) => option.shape[tag]?.safeParse(given).success) ?? options[0];
}

function keysOf(schema: z.ZodType | undefined, value: unknown): string[] {
    if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
    if (schema instanceof z.ZodDiscriminatedUnion) return Object.keys(chosenOption(schema, value)?.shape ?? {});
    return [];
}

/** The value of an unknown key is not repeated: it may be a misspelt credential. */
function unknownKey(
    path: string,
    key: string,
    known: readonly string[],
    others: Readonly<Record<string, string>> = {},
): SettingsProblem {
    const allowed = known.length === 0 ? "no keys here" : `the keys ${[...known].sort().join(", ")}`;
    const lower = key.toLowerCase();
    const other = Object.hasOwn(others, lower) ? others[lower] : undefined;
    const near = other ?? meant(key, known) ?? "one of these";
    const fix = known.length === 0 ? "remove it" : `write ${near}, or remove it`;
    return { path, given: "a key that does not exist", allowed, fix };
}

/** The key that was most likely meant; where none is near, a guess would mislead. */
function meant(key: string, known: readonly string[]): string | undefined {
    if (known.length === 0) return undefined;
    const near = closest(key, known);
    return distance(key, near) <= Math.min(Math.max(2, key.length / 3), near.length - 1) ? near : undefined;
}

function wrongValue(path: string, place: Place): SettingsProblem {
    const allowed = place.meaning.allowed ?? allowedBy(place.schema);
    return { path, given: show(place), allowed, fix: fixOf(path, allowed, place) };
}

function fixOf(path: string, allowed: string, { meaning, value, choices }: Place): string {
    if (meaning.secret === true) return setSecret(path);
    const name = path.split(".").at(-1) ?? path;
    if (choices !== undefined) {
        const near = typeof value === "string" ? meant(value, choices) : undefined;
        return `write ${name}: ${near ?? alternatives(choices)}`;
    }
    const { example } = meaning;
    return example === undefined ? `write ${name}: <${allowed}>` : `write, for example, ${name}: ${example}`;
}

/** The key is repeated by the path alone, as any other. */
function wrongKey(path: string, { schema }: Place, keys: readonly PropertyKey[]): SettingsProblem {
    const { allowed = "another key", example } =
        schema instanceof z.ZodRecord ? meaningOf(schema.keyType as unknown as z.ZodType) : {};
    const fix = `rename it${example === undefined ? "" : `; ${example} would be one`}`;
    return { path, given: `a key of ${String(keys.at(-1)).length} characters`, allowed, fix };
}

function allowedBy(schema: z.ZodType | undefined): string {
    if (schema instanceof z.ZodObject) return `a map with ${Object.keys(schema.shape).sort().join(", ")}`;
    if (schema instanceof z.ZodArray) return "a list";
    if (schema instanceof z.ZodRecord) return "a map";
    return "a value of another type";
}

function show({ schema, value, secret }: Place): string {
    if (value === undefined) return "nothing";
    if (secret) return "[secret]";
    // What is written in a wrong place may be what belongs into another, a credential.
    if (typeof value === "string" && holdsMore(schema)) return "a text";
    if (typeof value === "string") return JSON.stringify(withoutLogin(value));
    if (Array.isArray(value)) return `a list of ${value.length}`;
    if (typeof value === "object" && value !== null) return `a map with ${Object.keys(value).sort().join(", ")}`;
    return JSON.stringify(value);
}

/** Whether a map or a list belongs here. */
function holdsMore(schema: z.ZodType | undefined): boolean {
    return [z.ZodObject, z.ZodRecord, z.ZodArray, z.ZodUnion].some((kind) => schema instanceof kind);
}
