import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { about, type About } from "./types";
import type { SettingsProblem } from "./problem";

/** Turns what zod found into problems that say path, given, allowed and what to write instead. */
export function problemsOf(error: z.ZodError, schema: z.ZodType, raw: unknown, prefix: string): SettingsProblem[] {
    return error.issues.flatMap((issue) => {
        const path = issue.path.filter((key) => typeof key !== "symbol");
        const place = locate(schema, raw, path);
        if (issue.code === "unrecognized_keys") {
            return issue.keys.map((key) =>
                unknownKey(join(prefix, [...path, key]), key, keysOf(place.schema, place.value)),
            );
        }
        return [wrongValue(join(prefix, path), place, issue)];
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

interface Place {
    schema: z.ZodType | undefined;
    value: unknown;
    meaning: About;
}

/** Follows a path through schema and value. */
function locate(schema: z.ZodType, raw: unknown, path: readonly PropertyKey[]): Place {
    let at: z.ZodType | undefined = schema;
    let value = raw;
    let meaning: About = meaningOf(schema);
    for (const key of path) {
        at = at && childOf(at, key, value);
        value = typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
        meaning = at ? meaningOf(at) : {};
    }
    return { schema: at && unwrap(at), value, meaning };
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
function unknownKey(path: string, key: string, known: string[]): SettingsProblem {
    const allowed = known.length === 0 ? "no keys here" : `the keys ${[...known].sort().join(", ")}`;
    const fix = known.length === 0 ? "remove it" : `write ${closest(key, known)}, or remove it`;
    return { path, given: "a key that does not exist", allowed, fix };
}

function wrongValue(path: string, place: Place, issue: z.core.$ZodIssue): SettingsProblem {
    const { allowed, example } = place.meaning;
    const name = path.split(".").at(-1) ?? path;
    return {
        path,
        given: show(place),
        allowed: allowed ?? allowedBy(place.schema) ?? issue.message,
        fix:
            example === undefined
                ? `write ${name}: <${allowed ?? "a right value"}>`
                : `write, for example, ${name}: ${example}`,
    };
}

function allowedBy(schema: z.ZodType | undefined): string | undefined {
    if (schema instanceof z.ZodEnum) return schema.options.join(", ");
    if (schema instanceof z.ZodLiteral) return [...schema.values].map(String).join(", ");
    if (schema instanceof z.ZodObject) return `a map with ${Object.keys(schema.shape).sort().join(", ")}`;
    return undefined;
}

function show({ value, meaning }: Place): string {
    if (value === undefined) return "nothing";
    if (meaning.secret === true) return "[secret]";
    if (Array.isArray(value)) return `a list of ${value.length}`;
    if (typeof value === "object" && value !== null) return `a map with ${Object.keys(value).sort().join(", ")}`;
    return JSON.stringify(value);
}

function join(prefix: string, path: readonly PropertyKey[]): string {
    return [...(prefix === "" ? [] : [prefix]), ...path.map(String)].join(".");
}
