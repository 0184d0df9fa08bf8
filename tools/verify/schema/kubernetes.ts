import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KindsTable } from "../../kubernetes-schema/table";
import type { Schema } from "./validate";

const table = JSON.parse(readFileSync(join(__dirname, "kubernetes.gen.json"), "utf8")) as KindsTable;

const entries = new Map<string, Schema>();

/** Version of Kubernetes whose kinds are known. */
export const KUBERNETES = table.version;

/** Schema of a kind of Kubernetes itself; undefined for any other. */
export function schemaOfKind(apiVersion: string, kind: string): Schema | undefined {
    const name = table.kinds[`${apiVersion}/${kind}`];
    return name === undefined ? undefined : entry(name);
}

/** Whether an API group is Kubernetes' own. */
export function isKubernetesGroup(group: string): boolean {
    return Object.keys(table.kinds).some((kind) => kind.startsWith(`${group}/`));
}

/** Entries name each other in circles: each is made once, and known before its fields are. */
function entry(name: string): Schema {
    const known = entries.get(name);
    if (known !== undefined) return known;
    const properties: Record<string, Schema> = {};
    const required: string[] = [];
    const schema = { type: "object", properties, required };
    entries.set(name, schema);
    for (const [key, code] of Object.entries(table.types[name] ?? {})) {
        const field = key.replace(/!$/, "");
        if (field !== key) required.push(field);
        properties[field] = schemaOf(code);
    }
    return schema;
}

function schemaOf(code: string): Schema {
    if (code.startsWith("#")) return entry(code.slice(1));
    if (code.startsWith("list:")) return { type: "array", items: schemaOf(code.slice(5)) };
    if (code.startsWith("map:")) return { type: "object", additionalProperties: schemaOf(code.slice(4)) };
    const choice = /^string\((.*)\)$/.exec(code)?.[1];
    if (choice !== undefined) return { type: "string", enum: choice.split("|") };
    if (code === "quantity") return QUANTITY;
    if (code === "int-or-string") return { format: code };
    return code === "any" ? {} : { type: code };
}

/** Also a plain number, whatever its kind: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY: Schema = {
    anyOf: [{ type: "number" }, { type: "string", pattern: "^[+-]?[0-9.]+([eEinumkKMGTP]*[-+]?[0-9]*)$" }],
};

/** Schema of an object's metadata, the same for all kinds. */
export const METADATA = entry("meta.v1.ObjectMeta");
