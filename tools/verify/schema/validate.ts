import { at, isRecord, record, records, strings } from "../../records";
import { suggestion } from "../program";

/** A structural schema of Kubernetes, as it stands in a CustomResourceDefinition. */
export type Schema = Readonly<Record<string, unknown>>;

/** What is wrong with a value, at a path such as `spec.template.spec.containers[0].image`. */
export interface SchemaProblem {
    readonly path: string;
    readonly found: string;
    readonly wanted: string;
}

/** Branches of a schema judge values only: the fields that there may be stand in the schema around them. */
type Judged = "all" | "values";

/**
 * What an API server would refuse in a value, or silently drop: fields that no schema names, wrong types, missing and
 * forbidden values. Rules in CEL are not evaluated. `null` counts as left out, as it does there.
 */
export function problemsIn(value: unknown, schema: Schema, path = "", judged: Judged = "all"): SchemaProblem[] {
    if (value === null || value === undefined) return [];
    const wanted = typeProblem(value, schema);
    if (wanted !== undefined) return [{ path, found: `${typeName(value)} ${shown(value)}`, wanted }];
    return [
        ...limits(value, schema).map((limit) => ({ path, found: shown(value), wanted: limit })),
        ...combined(value, schema, path),
        ...(Array.isArray(value) ? listProblems(value, schema, path, judged) : []),
        ...(isRecord(value) ? mapProblems(value, schema, path, judged) : []),
    ];
}

function typeProblem(value: unknown, schema: Schema): string | undefined {
    if (schema["x-kubernetes-int-or-string"] === true || schema.format === "int-or-string") {
        return typeof value === "string" || Number.isInteger(value) ? undefined : "a string or an integer";
    }
    switch (schema.type) {
        case "object":
            return isRecord(value) ? undefined : "a map";
        case "array":
            return Array.isArray(value) ? undefined : "a list";
        case "integer":
            return Number.isInteger(value) ? undefined : "an integer";
        case "string":
        case "number":
        case "boolean":
            return typeof value === schema.type ? undefined : `a ${schema.type}`;
        default:
            return undefined;
    }
}

/** Limits that a value breaks. */
function limits(value: unknown, schema: Schema): string[] {
    const number = (key: string) => (typeof schema[key] === "number" ? schema[key] : undefined);
    const size = typeof value === "string" || Array.isArray(value) ? value.length : undefined;
    const kept: [boolean, string][] = [];
    if (Array.isArray(schema.enum)) {
        const choice: unknown[] = schema.enum;
        kept.push([choice.includes(value), `one of ${choice.map((each) => JSON.stringify(each)).join(", ")}`]);
    }
    if (typeof value === "string" && typeof schema.pattern === "string") {
        kept.push([matches(value, schema.pattern), `a text that matches ${schema.pattern}`]);
    }
    if (typeof value === "number") {
        kept.push([value >= (number("minimum") ?? -Infinity), `at least ${String(schema.minimum)}`]);
        kept.push([value <= (number("maximum") ?? Infinity), `at most ${String(schema.maximum)}`]);
    }
    if (size !== undefined) {
        const [least, most] =
            typeof value === "string" ? (["minLength", "maxLength"] as const) : (["minItems", "maxItems"] as const);
        kept.push([size >= (number(least) ?? 0), `${least} ${String(schema[least])}`]);
        kept.push([size <= (number(most) ?? Infinity), `${most} ${String(schema[most])}`]);
    }
    return kept.flatMap(([holds, limit]) => (holds ? [] : [limit]));
}

/** Go's patterns that JavaScript does not read pass. */
function matches(text: string, pattern: string): boolean {
    try {
        return new RegExp(pattern).test(text);
    } catch {
        return true;
    }
}

function combined(value: unknown, schema: Schema, path: string): SchemaProblem[] {
    const holds = (branch: Schema) => problemsIn(value, branch, path, "values").length === 0;
    const branches = (key: string) => records(schema[key]);
    const any = branches("anyOf");
    const one = branches("oneOf");
    // As a text only where something is wrong: this is asked of every value.
    const problem = (wanted: string) => [{ path, found: shown(value), wanted }];
    return [
        ...branches("allOf").flatMap((branch) => problemsIn(value, branch, path, "values")),
        ...(any.length === 0 || any.some(holds) ? [] : problem(`one of ${shown(any)}`)),
        ...(one.length === 0 || one.filter(holds).length === 1 ? [] : problem(`exactly one of ${shown(one)}`)),
        ...(isRecord(schema.not) && holds(schema.not) ? problem(`not ${shown(schema.not)}`) : []),
    ];
}

function listProblems(value: readonly unknown[], schema: Schema, path: string, judged: Judged): SchemaProblem[] {
    const keys = strings(schema["x-kubernetes-list-map-keys"]);
    const seen = new Set<string>();
    const twice = value.flatMap((item, i) => {
        if (keys.length === 0 && schema["x-kubernetes-list-type"] !== "set") return [];
        const id = JSON.stringify(keys.length === 0 ? item : keys.map((key) => at(item, key) ?? null));
        if (seen.has(id)) return [{ path: `${path}[${i}]`, found: `${id} twice`, wanted: "each once" }];
        seen.add(id);
        return [];
    });
    return [...twice, ...value.flatMap((item, i) => problemsIn(item, record(schema.items), `${path}[${i}]`, judged))];
}

function mapProblems(value: Record<string, unknown>, schema: Schema, path: string, judged: Judged): SchemaProblem[] {
    const properties = record(schema.properties);
    const below = (key: string) => (path === "" ? key : `${path}.${key}`);
    const others = schema.additionalProperties;
    const isOpen =
        judged === "values" ||
        schema["x-kubernetes-preserve-unknown-fields"] === true ||
        schema["x-kubernetes-embedded-resource"] === true ||
        others === true ||
        (schema.type === undefined && schema.properties === undefined && others === undefined);
    return [
        ...strings(schema.required)
            .filter((key) => value[key] === undefined || value[key] === null)
            .map((key) => ({ path: below(key), found: "nothing", wanted: "a value: it is required" })),
        ...Object.entries(value).flatMap(([key, inner]) => {
            const own = properties[key];
            if (isRecord(own)) return problemsIn(inner, own, below(key), judged);
            if (isRecord(others)) return problemsIn(inner, others, below(key), judged);
            if (isOpen) return [];
            const known = Object.keys(properties);
            return [{ path: below(key), found: "a field that is not in the schema", wanted: suggestion(key, known) }];
        }),
    ];
}

function typeName(value: unknown): string {
    if (Array.isArray(value)) return "the list";
    return isRecord(value) ? "the map" : `the ${typeof value}`;
}

/** Never a whole value: one may hold what nobody is to read in a log. */
function shown(value: unknown): string {
    const text = JSON.stringify(value);
    return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
