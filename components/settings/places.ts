import { z } from "zod";
import { about, type About } from "./types";

/** What stands at a place of the settings, and what belongs there. */
export interface Place {
    schema: z.ZodType | undefined;
    value: unknown;
    meaning: About;
    /** Whether the value may be a credential, or hold one. */
    secret: boolean;
    /** The words that may stand here, where they are few. */
    choices: readonly string[] | undefined;
}

/** Follows a path through schema and value. */
export function locate(schema: z.ZodType, raw: unknown, path: readonly PropertyKey[]): Place {
    let at: z.ZodType | undefined = schema;
    let value = raw;
    let meaning: About = meaningOf(schema);
    let choices: string[] | undefined;
    for (const key of path) {
        const outer = at && unwrap(at);
        at = at && childOf(at, key, value);
        choices = outer instanceof z.ZodDiscriminatedUnion ? choicesOf(outer, key) : undefined;
        value = below(value, key);
        meaning = at ? meaningOf(at) : {};
    }
    const target = at && unwrap(at);
    if (target instanceof z.ZodEnum) choices = target.options.map(String);
    if (choices) meaning = { allowed: alternatives(choices), ...meaning };
    // What cannot be found in the schema may be anything.
    const secret = at === undefined || holdsSecret(at);
    return { schema: target, value, meaning, secret, choices };
}

function below(value: unknown, key: PropertyKey): unknown {
    return typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined;
}

/** The maps that a union is a choice of. */
export function optionsOf(union: z.ZodDiscriminatedUnion): z.ZodObject<Record<string, z.ZodType>>[] {
    return union.options as unknown as z.ZodObject<Record<string, z.ZodType>>[];
}

/** What a key may hold that tells the options of a union apart; undefined for another key. */
export function choicesOf(union: z.ZodDiscriminatedUnion, key: PropertyKey): string[] | undefined {
    if (key !== union.def.discriminator) return undefined;
    return optionsOf(union).flatMap(({ shape }) => tagsOf(shape[key]));
}

function tagsOf(tag: z.ZodType | undefined): string[] {
    return tag instanceof z.ZodLiteral ? [...tag.values].map(String) : [];
}

/** `minio`, `minio or s3`, `none, basic or bearer`. */
export function alternatives(words: readonly string[]): string {
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

/** What is said of a schema, whether it may be left out or not. */
export function meaningOf(schema: z.ZodType): About {
    return { ...about.get(unwrap(schema)), ...about.get(schema) };
}

/** A schema without the mark that it may be left out. */
export function unwrap(schema: z.ZodType): z.ZodType {
    return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

/** The schema of what is below a key, in a value that says which of a choice it is. */
export function childOf(schema: z.ZodType, key: PropertyKey, value: unknown): z.ZodType | undefined {
    const of = unwrap(schema);
    if (of instanceof z.ZodObject) return entryOf(of, key);
    if (of instanceof z.ZodRecord) return of.valueType as z.ZodType;
    if (of instanceof z.ZodArray) return of.element as z.ZodType;
    if (of instanceof z.ZodDiscriminatedUnion) {
        const option = chosenOption(of, value);
        return option && entryOf(option, key);
    }
    return undefined;
}

/** What belongs below a key of a map; a key that every object of JavaScript has is none of it. */
export function entryOf({ shape }: z.ZodObject, key: PropertyKey): z.ZodType | undefined {
    return Object.hasOwn(shape, key) ? (shape as Record<PropertyKey, z.ZodType>)[key] : undefined;
}

/** The option of a union that the value's discriminator names; any option where it names none. */
function chosenOption(
    union: z.ZodDiscriminatedUnion,
    value: unknown,
): z.ZodObject<Record<string, z.ZodType>> | undefined {
    const options = optionsOf(union);
    const tag = union.def.discriminator;
    const given = below(value, tag);
    return options.find((option) => option.shape[tag]?.safeParse(given).success) ?? options[0];
}

/** The options of a choice that have a place which the chosen one lacks, each as `kind: s3`. */
export function optionsWith(schema: z.ZodType, raw: unknown, path: readonly PropertyKey[]): string[] {
    const [key, ...deeper] = path;
    if (key === undefined) return [];
    const of = unwrap(schema);
    const child = childOf(of, key, raw);
    const nearer = child === undefined ? [] : optionsWith(child, below(raw, key), deeper);
    if (nearer.length > 0 || !(of instanceof z.ZodDiscriminatedUnion)) return nearer;
    const tag = of.def.discriminator;
    return optionsOf(of)
        .filter((option) => isPlace(option, path))
        .flatMap(({ shape }) => tagsOf(shape[tag]).map((word) => `${tag}: ${word}`));
}

/** Whether a path leads somewhere in a schema, whatever it is a choice of. */
function isPlace(schema: z.ZodType, path: readonly PropertyKey[]): boolean {
    const [key, ...deeper] = path;
    if (key === undefined) return true;
    const of = unwrap(schema);
    if (of instanceof z.ZodDiscriminatedUnion) return optionsOf(of).some((option) => isPlace(option, path));
    // Any name is one of a map's; that says nothing of what was meant.
    if (!(of instanceof z.ZodObject)) return false;
    const entry = entryOf(of, key);
    return entry !== undefined && isPlace(entry, deeper);
}

/** What is said of the keys of a map: of a choice, what the chosen option says of its own as well. */
export function meaningOfKeys({ schema, value, meaning }: Place): About {
    const option = schema instanceof z.ZodDiscriminatedUnion ? chosenOption(schema, value) : undefined;
    return option === undefined ? meaning : { ...meaning, ...meaningOf(option) };
}

/** Keys that may stand in a map. */
export function keysOf(schema: z.ZodType | undefined, value: unknown): string[] {
    if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
    if (schema instanceof z.ZodDiscriminatedUnion) return Object.keys(chosenOption(schema, value)?.shape ?? {});
    return [];
}
