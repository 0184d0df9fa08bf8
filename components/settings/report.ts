import { RunError } from "@pulumi/pulumi/errors";
import { z } from "zod";
import { nearest } from "./nearest";
import {
    alternatives,
    choicesOf,
    entryOf,
    keysOf,
    locate,
    meaningOf,
    meaningOfKeys,
    optionsOf,
    optionsWith,
    type Place,
} from "./places";
import { pathOf, setSecret, withoutContent, withoutLogin, type SettingsProblem } from "./problem";
import type { About } from "./types";

/** Turns what zod found into problems that say path, given, allowed and what to write instead. */
export function problemsOf(error: z.ZodError, schema: z.ZodType, raw: unknown, prefix: string): SettingsProblem[] {
    const told = error.issues.flatMap((issue) => {
        const path = issue.path.filter((key) => typeof key !== "symbol");
        const place = locate(schema, raw, path);
        if (issue.code === "invalid_key")
            return [wrongKey(pathOf(prefix, path), locate(schema, raw, path.slice(0, -1)), path)];
        if (issue.code === "unrecognized_keys") {
            const known = keysOf(place.schema, place.value);
            return issue.keys.map((key) =>
                unknownKey(
                    pathOf(prefix, [...path, key]),
                    key,
                    known,
                    meaningOfKeys(place),
                    optionsWith(schema, raw, [...path, key]),
                ),
            );
        }
        const own = [wrongValue(pathOf(prefix, path), place)];
        return issue.code === "invalid_union" ? [...own, ...inEveryOption(schema, raw, path, prefix)] : own;
    });
    // A number may be too large and no whole one: what to write instead is the same.
    return [...new Map(told.map((each) => [JSON.stringify(each), each] as const)).values()];
}

/** What is wrong whichever of a choice was meant, where nothing says which: keys that none has, values that none takes. */
function inEveryOption(
    schema: z.ZodType,
    raw: unknown,
    path: readonly (string | number)[],
    prefix: string,
): SettingsProblem[] {
    const above = path.slice(0, -1);
    const { schema: union, value } = locate(schema, raw, above);
    const tag = path.at(-1);
    if (!(union instanceof z.ZodDiscriminatedUnion) || union.def.discriminator !== tag || !isObject(value)) return [];
    const options = optionsOf(union);
    const known = options.flatMap(({ shape }) => Object.keys(shape));
    const unknown = Object.keys(value)
        .filter((key) => !known.includes(key))
        .map((key) => unknownKey(pathOf(prefix, [...above, key]), key, [...new Set(known)]));
    const wrong = Object.entries(value).flatMap(([key, inner]) => {
        if (key === tag || inner === undefined) return [];
        const found = options.flatMap((option) => {
            const below = entryOf(option, key);
            return below === undefined ? [] : [{ below, result: below.safeParse(inner) }];
        });
        const [first] = found;
        if (first?.result.error === undefined || found.some(({ result }) => result.success)) return [];
        return problemsOf(first.result.error, first.below, inner, pathOf(prefix, [...above, key]));
    });
    return [...unknown, ...wrong];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What problems are found in unless another stack is read. */
export const OWN_SETTINGS = "the settings of this stack";

/**
 * All problems as one text for the terminal.
 * @param of what they are found in.
 */
export function report(problems: readonly SettingsProblem[], of = OWN_SETTINGS): string {
    const entries = problems.map(
        (p) => `  ${p.path}\n    given:   ${p.given}\n    allowed: ${p.allowed}\n    fix:     ${p.fix}`,
    );
    const title = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    return `${title} in ${of}:\n${entries.join("\n")}`;
}

/**
 * The error that ends a program with all problems as its message, and nothing else: a component provider prints the stack
 * of a rejected output where it has one, and Pulumi hides it only in a program of its own.
 * @param of what they are found in.
 */
export function refusal(problems: readonly SettingsProblem[], of = OWN_SETTINGS): RunError {
    const error = new RunError(report(problems, of));
    delete error.stack;
    return error;
}

/** The value of an unknown key is not repeated: it may be a misspelt credential. */
function unknownKey(
    path: string,
    key: string,
    known: readonly string[],
    { otherNames = {}, cannot = {} }: About = {},
    elsewhere: readonly string[] = [],
): SettingsProblem {
    const allowed = known.length === 0 ? "no keys here" : `the keys ${[...known].sort().join(", ")}`;
    const instead = Object.hasOwn(cannot, key) ? cannot[key] : undefined;
    if (instead !== undefined) return { path, given: "a key that this kind cannot have", allowed, fix: instead };
    if (elsewhere.length > 0) {
        const of = alternatives(elsewhere);
        return { path, given: `a key of ${of}`, allowed, fix: `remove it, or choose ${of}` };
    }
    const near = otherName({ otherNames }, key) ?? nearest(key, known) ?? "one of these";
    const fix = known.length === 0 ? "remove it" : `write ${near}, or remove it`;
    return { path, given: "a key that does not exist", allowed, fix };
}

function wrongValue(path: string, place: Place): SettingsProblem {
    const allowed = place.meaning.allowed ?? allowedBy(place.schema);
    return { path, given: show(place), allowed, fix: fixOf(path, allowed, place) };
}

function fixOf(path: string, allowed: string, { schema, meaning, value, choices }: Place): string {
    if (meaning.secret === true) return setSecret(path);
    const before = beforeValue(path);
    const other = typeof value === "string" ? otherName(meaning, value) : undefined;
    if (other !== undefined) return `write ${other}`;
    if (choices !== undefined) {
        const near = typeof value === "string" ? chosen(value, choices) : undefined;
        return `write ${before}${near === undefined ? alternatives(choices.map(asText)) : asText(near)}`;
    }
    // A number in quotes.
    if (schema instanceof z.ZodNumber && typeof value === "string" && schema.safeParse(asNumber(value)).success)
        return `write ${before}${asNumber(value)}`;
    if (schema instanceof z.ZodBoolean) return `write ${before}${flagFor(value)}`;
    // A key without a value: the map was left empty.
    if (value === null && isMap(schema)) return `write ${before}{}, or remove it`;
    const switched = switchIn(schema, value);
    if (switched !== undefined) return `write ${before}${switched}`;
    const { example } = meaning;
    return example === undefined ? `write ${before}<${allowed}>` : `write, for example, ${before}${example}`;
}

/** What was meant by true, or a word for it, where a map with a switch belongs. */
export function switchIn(schema: z.ZodType | undefined, value: unknown): string | undefined {
    if (!(schema instanceof z.ZodObject) || entryOf(schema, "enabled") === undefined) return undefined;
    const flag = flagFor(value);
    return flag === EITHER ? undefined : `{ enabled: ${flag} }`;
}

/** What stands before a value in a stack file: the last key of its path, in quotes where the path has it so, or a dash. */
function beforeValue(path: string): string {
    if (/\[\d+\]$/.test(path)) return "- ";
    const [, quoted, plain] = /(?:\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+))$/.exec(path) ?? [];
    return `${quoted ?? plain ?? path}: `;
}

/** NaN where a text is no number, an empty one among them. */
function asNumber(text: string): number {
    return text.trim() === "" ? NaN : Number(text);
}

const EITHER = "true or false";

/** Words that YAML 1.1 took for the two values, and its readers of today take for texts. */
function flagFor(value: unknown): string {
    const word = String(value).toLowerCase();
    if (["y", "yes", "on", "true", "enabled", "1"].includes(word)) return "true";
    return ["n", "no", "off", "false", "disabled", "0"].includes(word) ? "false" : EITHER;
}

/** Of versions none is meant by another digit: only the one that YAML cut (1.3), or that was written in full (v1.34.2). */
function chosen(given: string, choices: readonly string[]): string | undefined {
    if (!choices.every((choice) => /^\d/.test(choice))) return nearest(given, choices);
    const bare = given.replace(/^v/i, "");
    return choices.find((choice) => Number(choice) === Number(bare) || bare.startsWith(`${choice}.`));
}

function otherName({ otherNames = {} }: About, given: string): string | undefined {
    const lower = given.toLowerCase();
    return Object.hasOwn(otherNames, lower) ? otherNames[lower] : undefined;
}

/** A word as a stack file has it: YAML would take `1.30` for the number 1.3. */
function asText(word: string): string {
    return /^\d/.test(word) ? `"${word}"` : word;
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
    if (schema instanceof z.ZodDiscriminatedUnion) {
        const { discriminator } = schema.def;
        return `a map with ${discriminator}: ${alternatives(choicesOf(schema, discriminator) ?? [])}`;
    }
    return "a value of another type";
}

function show({ schema, meaning, value, secret }: Place): string {
    if (value === undefined) return "nothing";
    if (value === null) return "a key without a value";
    if (value === "" && secret) return "an empty text";
    if (typeof value === "boolean") return String(value);
    if (meaning.secret === true || schema === undefined) return "[secret]";
    // What is written in a wrong place may be what belongs into another, a credential.
    if (typeof value !== "object" && (secret || (typeof value === "string" && holdsMore(schema))))
        return typeof value === "string" ? "a text" : "a number";
    if (typeof value === "string") return JSON.stringify(withoutLogin(value));
    return typeof value === "object" ? String(withoutContent(value)) : JSON.stringify(value);
}

function isMap(schema: z.ZodType | undefined): boolean {
    return schema instanceof z.ZodObject || schema instanceof z.ZodRecord;
}

/** Whether a map or a list belongs here. */
function holdsMore(schema: z.ZodType | undefined): boolean {
    if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).some(holdsMore);
    return isMap(schema) || schema instanceof z.ZodArray;
}
