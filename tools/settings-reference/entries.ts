import { z } from "zod";
import { settingsSchema, type Settings } from "../../components/platform/settings";
import { about, type About } from "../../components/settings/types";

/** A setting that has a value of its own. */
export interface Entry {
    /** As it is written below `observability:`. */
    readonly path: string;
    readonly schema: z.ZodType;
    readonly meaning: About;
    readonly optional: boolean;
}

type Shape = Record<string, z.ZodType>;

/** Every setting of the schema, in its order. */
export function settingEntries(): Entry[] {
    return Object.entries(settingsSchema.shape as Shape).flatMap(([key, schema]) => leaves(key, schema, false));
}

/** Settings as a stack file has them: what every system shares at the top, beside each system's own. */
export function asWritten({ platform, ...systems }: Settings): Record<string, unknown> {
    return { ...platform, ...systems };
}

function leaves(path: string, schema: z.ZodType, optional: boolean): Entry[] {
    const inside = parts(path, schema, optional);
    const meaning = about.get(schema);
    // What holds for a whole list or map stands before its parts.
    return inside !== undefined && meaning?.immutable !== undefined
        ? [{ path, schema, meaning, optional }, ...inside]
        : (inside ?? [{ path, schema, meaning: meaning ?? {}, optional }]);
}

function parts(path: string, schema: z.ZodType, optional: boolean): Entry[] | undefined {
    if (schema instanceof z.ZodOptional) {
        const inner = schema.unwrap() as z.ZodType;
        return leaves(path, inner, true).map((e) => ({
            ...e,
            meaning: { ...e.meaning, ...(e.path === path && about.get(schema)) },
        }));
    }
    if (schema instanceof z.ZodObject) {
        return Object.entries((schema as z.ZodObject<Shape>).shape).flatMap(([key, inner]) =>
            leaves(`${path}.${key}`, inner, optional),
        );
    }
    if (schema instanceof z.ZodDiscriminatedUnion) {
        const all = (schema.options as unknown as z.ZodType[]).flatMap((option) => leaves(path, option, optional));
        return merged(all);
    }
    // A map whose meaning is told as a whole needs no list of what is in it.
    if (
        schema instanceof z.ZodRecord &&
        schema.valueType instanceof z.ZodObject &&
        about.get(schema)?.description === undefined
    ) {
        return leaves(`${path}.<name>`, schema.valueType, optional);
    }
    if (schema instanceof z.ZodArray && schema.element instanceof z.ZodObject) {
        const element = schema.element as z.ZodType;
        return leaves(`${path}[]`, element, optional);
    }
    return undefined;
}

/** One entry for a key that several options of a choice have; what they allow is joined. */
function merged(entries: Entry[]): Entry[] {
    const byPath = new Map<string, Entry>();
    for (const entry of entries) {
        const known = byPath.get(entry.path);
        const both = known && [...new Set([allowedIn(known), allowedIn(entry)])].join(", ");
        byPath.set(entry.path, known ? { ...known, meaning: { ...known.meaning, allowed: both ?? "" } } : entry);
    }
    return [...byPath.values()];
}

/** What may be written, in words. */
export function allowedIn({ schema, meaning }: Entry): string {
    return meaning.allowed ?? typeOf(schema);
}

function typeOf(schema: z.ZodType): string {
    if (schema instanceof z.ZodEnum) return schema.options.join(", ");
    if (schema instanceof z.ZodLiteral) return [...schema.values].map(String).join(", ");
    return schema.def.type;
}
