import { z } from "zod";
import { settingsSchema, type Settings } from "../../components/platform/settings";
import { optionsOf } from "../../components/settings/places";
import { about, type About } from "../../components/settings/types";

/** A setting that has a value of its own. */
export interface Entry {
    /** As it is written below `observability:`. */
    readonly path: string;
    readonly schema: z.ZodType;
    readonly meaning: About;
    readonly optional: boolean;
    /** The map that may be left out and has this key, where it stands in one. */
    readonly within: string | undefined;
    /** The options of that map, each as `from: secret`, that have the key; absent where all have it. */
    readonly options?: readonly string[] | undefined;
}

/** Whether a place may be left out, and the map around it that may be. */
type Around = Pick<Entry, "optional" | "within">;

const EVERYWHERE: Around = { optional: false, within: undefined };

/** Around what is inside a place. */
function inside(path: string, { optional, within }: Around): Around {
    return { optional: false, within: optional ? path : within };
}

type Shape = Record<string, z.ZodType>;

/** Every setting of the schema, in its order. */
export function settingEntries(): Entry[] {
    return Object.entries(settingsSchema.shape as Shape).flatMap(([key, schema]) => leaves(key, schema, EVERYWHERE));
}

/** Settings as a stack file has them: what every system shares at the top, beside each system's own. */
export function asWritten({ platform, ...systems }: Settings): Record<string, unknown> {
    return { ...platform, ...systems };
}

function leaves(path: string, schema: z.ZodType, around: Around): Entry[] {
    const below = parts(path, schema, around);
    const meaning = about.get(schema);
    // What holds for a whole list or map stands before its parts.
    return below !== undefined && meaning?.immutable !== undefined
        ? [{ path, schema, meaning, ...around }, ...below]
        : (below ?? [{ path, schema, meaning: meaning ?? {}, ...around }]);
}

function parts(path: string, schema: z.ZodType, around: Around): Entry[] | undefined {
    if (schema instanceof z.ZodOptional) {
        const inner = schema.unwrap() as z.ZodType;
        return leaves(path, inner, { ...around, optional: true }).map((e) => ({
            ...e,
            meaning: { ...e.meaning, ...(e.path === path && about.get(schema)) },
        }));
    }
    if (schema instanceof z.ZodObject) {
        return Object.entries((schema as z.ZodObject<Shape>).shape).flatMap(([key, inner]) =>
            leaves(`${path}.${key}`, inner, inside(path, around)),
        );
    }
    if (schema instanceof z.ZodDiscriminatedUnion) return choice(path, schema, inside(path, around));
    // A map whose meaning is told as a whole needs no list of what is in it.
    if (
        schema instanceof z.ZodRecord &&
        schema.valueType instanceof z.ZodObject &&
        about.get(schema)?.description === undefined
    ) {
        return leaves(`${path}.<name>`, schema.valueType, inside(path, around));
    }
    if (schema instanceof z.ZodArray && schema.element instanceof z.ZodObject) {
        return leaves(`${path}[]`, schema.element, inside(path, around));
    }
    return undefined;
}

/** One entry for a key that several options of a choice have; what they allow is joined. */
function choice(path: string, schema: z.ZodDiscriminatedUnion, around: Around): Entry[] {
    const tag = schema.def.discriminator;
    const byPath = new Map<string, Entry>();
    for (const option of optionsOf(schema)) {
        const word = [`${tag}: ${allowedBy(option.shape[tag])}`];
        for (const entry of leaves(path, option, around)) {
            const known = byPath.get(entry.path);
            if (known === undefined) {
                // A key of some options is wanted with those.
                const own = around.within !== undefined && entry.within === around.within;
                const chosen = own && entry.path !== `${path}.${tag}` ? { within: path, options: word } : {};
                byPath.set(entry.path, { ...entry, ...chosen });
                continue;
            }
            const allowed = [...new Set([allowedIn(known), allowedIn(entry)])].join(", ");
            const options = known.options && { options: [...known.options, ...word] };
            byPath.set(entry.path, { ...known, ...options, meaning: { ...known.meaning, allowed } });
        }
    }
    const all = optionsOf(schema).length;
    return [...byPath.values()].map((entry) =>
        entry.options?.length === all ? { ...entry, options: undefined } : entry,
    );
}

function allowedBy(schema: z.ZodType | undefined): string {
    return schema === undefined ? "" : typeOf(schema);
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
