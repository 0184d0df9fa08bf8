import { isRecord, record, records, strings } from "../records";
import { type Shape, UNKNOWN, leaf, list, map, merge } from "./shape";

const SCALARS: Record<string, string> = { string: "string", number: "number", integer: "number", boolean: "boolean" };

/** Whether a JSON schema tells enough to be read: at least one property with a type. */
export function describesValues(schema: unknown): boolean {
    return Object.values(record(record(schema)["properties"])).some((property) => isRecord(property));
}

/** What a JSON schema says of a key. */
export function shapeOfSchema(schema: unknown, root: unknown = schema, within: readonly string[] = []): Shape {
    if (!isRecord(schema)) {
        return UNKNOWN;
    }
    const parts = [own(schema, root, within)];
    const reference = schema["$ref"];
    // A definition that contains itself ends where it starts again.
    if (typeof reference === "string" && !within.includes(reference)) {
        parts.push(shapeOfSchema(resolve(reference, root), root, [...within, reference]));
    }
    const combined = [...records(schema["allOf"]), ...records(schema["anyOf"]), ...records(schema["oneOf"])];
    parts.push(...combined.map((part) => shapeOfSchema(part, root, within)));
    return parts.reduce(merge);
}

function own(schema: Record<string, unknown>, root: unknown, within: readonly string[]): Shape {
    const literals = enumerated(schema);
    if (literals.length > 0) {
        return leaf(...literals);
    }
    const types = typeof schema["type"] === "string" ? [schema["type"]] : strings(schema["type"]);
    const shapes = types.flatMap((type): Shape[] => {
        const scalar = SCALARS[type];
        if (scalar !== undefined) {
            return [leaf(scalar)];
        }
        if (type === "array") {
            return [list(shapeOfSchema(schema["items"], root, within))];
        }
        // null is allowed everywhere, since Helm takes it as "without the default".
        return type === "object" ? [object(schema, root, within)] : [];
    });
    if (shapes.length === 0) {
        return isRecord(schema["properties"]) ? object(schema, root, within) : UNKNOWN;
    }
    return shapes.reduce(merge);
}

function enumerated(schema: Record<string, unknown>): string[] {
    const values = "const" in schema ? [schema["const"]] : schema["enum"];
    return Array.isArray(values) ? values.filter((value) => value !== null).map((value) => JSON.stringify(value)) : [];
}

function object(schema: Record<string, unknown>, root: unknown, within: readonly string[]): Shape {
    const fields = Object.entries(record(schema["properties"])).map(
        ([key, child]) => [key, shapeOfSchema(child, root, within)] as const,
    );
    const patterns = Object.values(record(schema["patternProperties"]));
    const additional = schema["additionalProperties"];
    if (patterns.length > 0 || additional === true) {
        return map(fields, UNKNOWN);
    }
    if (isRecord(additional)) {
        return map(fields, fields.length === 0 ? shapeOfSchema(additional, root, within) : UNKNOWN);
    }
    return fields.length === 0 && additional !== false ? leaf("object") : map(fields);
}

function resolve(reference: string, root: unknown): unknown {
    if (!reference.startsWith("#")) {
        throw new Error(`schema reference outside of the chart: ${reference}`);
    }
    return reference
        .split("/")
        .slice(1)
        .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
        .reduce<unknown>((at, part) => record(at)[part], root);
}
