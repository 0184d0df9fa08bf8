import { z } from "zod";
import { parseSettings, settingsSchema } from "../../components/settings";
import { about, type About } from "../../components/setting-types";

/** A setting that has a value of its own. */
interface Entry {
    readonly path: string;
    readonly schema: z.ZodType;
    readonly meaning: About;
    readonly optional: boolean;
}

type Shape = Record<string, z.ZodType>;

const EXAMPLE = { cluster: "example", domain: "observability.example.com" };

/** The page docs/reference/settings.md, made from the schema and from the defaults of each shape. */
export function settingsReference(): string {
    const entries = Object.entries(settingsSchema.shape as Shape).flatMap(([key, schema]) =>
        leaves(key, schema, false),
    );
    const shapes = ["nothing", "node", "zone"].map((survives) => defaultsOf(survives));
    const rows = entries.map((entry) => row(entry, shapes));
    const fixed = entries.filter((entry) => entry.meaning.immutable !== undefined);
    return [
        "# Settings",
        "",
        "<!-- Made by `npm run settings-reference` from the schema; a test says when it is stale. -->",
        "",
        "Keys of `Pulumi.<stack>.yaml`, each below `observability:`. A map in the stack file is merged over the defaults, so",
        "one line changes one thing. Defaults follow `survives`: where they differ they are given as nothing / node / zone.",
        "Unknown keys are refused. Credentials are set by `pulumi config set --secret --path observability:<key>`.",
        "",
        "## What must not change after the first deployment",
        "",
        "| setting | why |",
        "| --- | --- |",
        ...fixed.map((entry) => `| \`${entry.path}\` | ${entry.meaning.immutable ?? ""} |`),
        "",
        "## All settings",
        "",
        "| setting | meaning | allowed | default |",
        "| --- | --- | --- | --- |",
        ...rows,
        "",
    ].join("\n");
}

function row(entry: Entry, shapes: unknown[]): string {
    const { path, meaning, optional } = entry;
    const defaults = shapes
        .map((shape) => at(shape, path))
        .map((value) => (value === undefined ? "-" : JSON.stringify(value)));
    const text = new Set(defaults).size === 1 ? defaults[0] : defaults.join(" / ");
    const cells = [
        `\`${path}\``,
        `${meaning.description ?? ""}${meaning.secret === true ? " **Secret.**" : ""}`,
        `${allowedIn(entry)}${optional ? " (optional)" : ""}`,
        EXAMPLE_KEYS.has(path) ? "none: must be given" : `\`${text ?? "-"}\``,
    ];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

const EXAMPLE_KEYS = new Set([...Object.keys(EXAMPLE), "survives"]);

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

function allowedIn({ schema, meaning }: Entry): string {
    return meaning.allowed ?? typeOf(schema);
}

function typeOf(schema: z.ZodType): string {
    if (schema instanceof z.ZodEnum) return schema.options.join(", ");
    if (schema instanceof z.ZodLiteral) return [...schema.values].map(String).join(", ");
    return schema.def.type;
}

function defaultsOf(survives: string): unknown {
    const result = parseSettings({ ...EXAMPLE, survives });
    if ("problems" in result) throw new Error(`The defaults of ${survives} are no right settings.`);
    const { platform, ...systems } = result.settings;
    return { ...platform, ...systems };
}

function at(value: unknown, path: string): unknown {
    return path
        .split(".")
        .reduce<unknown>(
            (inner, key) =>
                typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
            value,
        );
}
