import { isRecord, record, records, strings } from "../records";

/**
 * Kubernetes' own kinds, as a table of facts: a field's name, with `!` where it is required, and its type. Types are
 * `string`, `string(A|B)`, `integer`, `number`, `boolean`, `quantity`, `int-or-string`, `any`, `list:TYPE`, `map:TYPE`
 * and `#NAME` for another entry.
 */
export interface KindsTable {
    readonly version: string;
    /** Name of an entry by `APIVERSION/KIND`. */
    readonly kinds: Readonly<Record<string, string>>;
    readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const PREFIX =
    /^io\.k8s\.(api|apimachinery\.pkg\.apis|apimachinery\.pkg|kube-aggregator\.pkg\.apis|apiextensions-apiserver\.pkg\.apis)\./;

const SPECIAL: Readonly<Record<string, string>> = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
};

/**
 * The table of an API server's OpenAPI document (`/openapi/v2`), of kinds that people write: those with metadata of
 * their own. Their status is left open, since nobody writes it.
 */
export function tableOf(document: Record<string, unknown>): KindsTable {
    const definitions = record(document.definitions);
    const kinds: [string, string][] = [];
    for (const [name, definition] of Object.entries(definitions)) {
        const { metadata } = record(record(definition).properties);
        if (String(record(metadata).$ref).split(".").at(-1) !== "ObjectMeta") continue;
        for (const { group, version, kind } of records(record(definition)["x-kubernetes-group-version-kind"])) {
            const apiVersion = group === "" ? String(version) : `${String(group)}/${String(version)}`;
            kinds.push([`${apiVersion}/${String(kind)}`, name]);
        }
    }
    const types = new Map<string, Record<string, string>>();
    const visit = (name: string, top: boolean) => {
        if (types.has(short(name))) return;
        const { properties, required } = record(definitions[name]);
        const fields: Record<string, string> = {};
        types.set(short(name), fields);
        for (const [field, schema] of Object.entries(record(properties)).sort()) {
            const key = strings(required).includes(field) ? `${field}!` : field;
            fields[key] = top && field === "status" ? "any" : codeOf(record(schema));
        }
    };
    const codeOf = (schema: Record<string, unknown>): string => {
        const { $ref, type, format, items, additionalProperties } = schema;
        if (typeof $ref === "string") return reference($ref.replace("#/definitions/", ""));
        if (type === "array") return `list:${codeOf(record(items))}`;
        if (isRecord(additionalProperties)) return `map:${codeOf(additionalProperties)}`;
        if (format === "int-or-string") return format;
        const choice = strings(schema.enum);
        if (type === "string" && choice.length > 0) return `string(${[...choice].sort().join("|")})`;
        return typeof type === "string" && type !== "object" ? type : "any";
    };
    const reference = (name: string): string => {
        const special = SPECIAL[name];
        if (special !== undefined) return special;
        const definition = record(definitions[name]);
        if (!isRecord(definition.properties)) return definition.type === "string" ? "string" : "any";
        visit(name, false);
        return `#${short(name)}`;
    };
    for (const [, name] of kinds) visit(name, true);
    return {
        version: String(record(document.info).version),
        kinds: Object.fromEntries(kinds.map(([kind, name]) => [kind, short(name)] as const).sort()),
        types: Object.fromEntries([...types].sort(([a], [b]) => a.localeCompare(b))),
    };
}

function short(name: string): string {
    return name.replace(PREFIX, "");
}
