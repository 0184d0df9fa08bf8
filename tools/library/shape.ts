import { z } from "zod";
import { about } from "../../components/settings/types";

/** What may be written for a setting, in the few words that every language of Pulumi has. */
export type Shape =
    | { readonly kind: "string"; readonly secret: boolean }
    | { readonly kind: "number" | "boolean" | "any" }
    | { readonly kind: "choice"; readonly values: readonly string[] }
    | { readonly kind: "list" | "map"; readonly of: Shape }
    | { readonly kind: "object"; readonly fields: ReadonlyMap<string, Field> };

export interface Field {
    readonly shape: Shape;
    readonly required: boolean;
    readonly description: string | undefined;
}

const ANY: Shape = { kind: "any" };

/**
 * The shape of a schema.
 * @param required whether a key that the schema wants must be written: defaults fill in the others, but for the elements
 * of lists and maps, of which there are no defaults.
 */
export function shapeOf(schema: z.ZodType, required = false): Shape {
    if (schema instanceof z.ZodOptional) return shapeOf(schema.unwrap() as z.ZodType, required);
    if (schema instanceof z.ZodObject) return objectOf(schema, required);
    if (schema instanceof z.ZodDiscriminatedUnion) {
        const options = (schema.options as unknown as z.ZodType[]).map((option) => shapeOf(option, required));
        return options.reduce(merged);
    }
    if (schema instanceof z.ZodRecord) return { kind: "map", of: shapeOf(schema.valueType as z.ZodType, true) };
    if (schema instanceof z.ZodArray) return { kind: "list", of: shapeOf(schema.element as z.ZodType, true) };
    if (schema instanceof z.ZodEnum) return choice(schema.options.map(String));
    if (schema instanceof z.ZodLiteral) return literals([...schema.values]);
    if (schema instanceof z.ZodUnion) {
        return (schema.options as unknown as z.ZodType[]).map((option) => shapeOf(option, required)).reduce(merged);
    }
    if (schema instanceof z.ZodString) return { kind: "string", secret: about.get(schema)?.secret === true };
    if (schema instanceof z.ZodNumber) return { kind: "number" };
    if (schema instanceof z.ZodBoolean) return { kind: "boolean" };
    return ANY;
}

function objectOf(schema: z.ZodObject, required: boolean): Shape {
    const fields = Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, inner]) => {
        const field: Field = {
            shape: shapeOf(inner, required),
            required: required && !(inner instanceof z.ZodOptional),
            description: descriptionOf(inner),
        };
        return [key, field] as const;
    });
    return { kind: "object", fields: new Map(fields) };
}

function descriptionOf(schema: z.ZodType): string | undefined {
    const inner = schema instanceof z.ZodOptional ? about.get(schema.unwrap() as z.ZodType) : undefined;
    const { description, allowed, example } = { ...inner, ...about.get(schema) };
    const parts = [
        description,
        allowed === undefined ? undefined : `Allowed: ${allowed}.`,
        example === undefined ? undefined : `Example: \`${example}\`.`,
    ].filter((part) => part !== undefined);
    return parts.length === 0 ? undefined : parts.join(" ").replaceAll("*/", "* /");
}

function literals(values: readonly unknown[]): Shape {
    if (values.every((value) => typeof value === "string")) return choice(values);
    return values.every((value) => typeof value === "number") ? { kind: "number" } : ANY;
}

/** The names of an enumeration are identifiers in some languages; versions are given one by the generator. */
function choice(values: readonly string[]): Shape {
    const named = values.every((value) => /^([A-Za-z]\w*|\d+\.\d+)$/.test(value));
    return named ? { kind: "choice", values } : { kind: "string", secret: false };
}

/** What takes both: of objects every key, of which none must be written that one of them lacks. */
function merged(one: Shape, other: Shape): Shape {
    if (one.kind === "object" && other.kind === "object") {
        const keys = new Set([...one.fields.keys(), ...other.fields.keys()]);
        return {
            kind: "object",
            fields: new Map([...keys].map((key) => [key, field(one.fields.get(key), other.fields.get(key))])),
        };
    }
    if (one.kind === "choice" && other.kind === "choice") return choice([...new Set([...one.values, ...other.values])]);
    if (one.kind === "string" && other.kind === "string") return { kind: "string", secret: one.secret || other.secret };
    if ((one.kind === "list" || one.kind === "map") && one.kind === other.kind) {
        return { kind: one.kind, of: merged(one.of, other.of) };
    }
    return one.kind === other.kind ? one : ANY;
}

function field(one: Field | undefined, other: Field | undefined): Field {
    if (one === undefined || other === undefined) {
        const only = one ?? other;
        if (only === undefined) throw new Error("neither has it");
        return { ...only, required: false };
    }
    return {
        shape: merged(one.shape, other.shape),
        required: one.required && other.required,
        description: one.description ?? other.description,
    };
}
