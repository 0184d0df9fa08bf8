import { parse } from "yaml";
import { isRecord, record } from "../../records";
import type { KubernetesObject, RenderedObject } from "../../render/manifests";

/** A text in a rendered object that some program may read as a setting. */
export interface Text {
    /** Keys down to it; a file in a ConfigMap or Secret that is YAML or JSON is entered. */
    readonly path: readonly string[];
    readonly text: string;
    /** The map that holds it; empty in files that are neither YAML nor JSON, whose lines are texts of their own. */
    readonly within: Record<string, unknown>;
}

/** Kinds that hold prose, definitions or rights, and nobody's settings. */
const NO_SETTINGS = new Set([
    ...["CustomResourceDefinition", "PrometheusRule", "NetworkPolicy", "Namespace", "PriorityClass"],
    ...["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"],
]);

/** Texts of an object. What stands in a map that says `enabled: false` is left out: nobody reads it. */
export function textsOf({ object }: RenderedObject): Text[] {
    if (NO_SETTINGS.has(object.kind) || object.metadata.labels?.grafana_dashboard !== undefined) return [];
    const files = filesOf(object);
    if (files === undefined) {
        const { metadata, ...rest } = object;
        return [...within(rest, []), ...within(record(metadata.annotations), ["metadata", "annotations"])];
    }
    return [...files].flatMap(([name, text]) => {
        const structured = structureOf(text);
        return structured === undefined ? lines(text, name) : within(structured, [name]);
    });
}

/** Files that a ConfigMap or Secret gives to its readers; undefined for other kinds. */
export function filesOf(object: KubernetesObject): Map<string, string> | undefined {
    if (object.kind !== "ConfigMap" && object.kind !== "Secret") return undefined;
    const decode = (value: unknown) =>
        object.kind === "Secret" ? Buffer.from(String(value), "base64").toString() : String(value);
    const encoded = Object.entries(record(object.data)).map(([key, value]): [string, string] => [key, decode(value)]);
    const plain = Object.entries(record(object.stringData)).map(([key, value]): [string, string] => [
        key,
        String(value),
    ]);
    return new Map([...encoded, ...plain]);
}

/** A file's content where it is a map or list in YAML or JSON. */
export function structureOf(text: string): Record<string, unknown> | unknown[] | undefined {
    try {
        const value: unknown = parse(text, { logLevel: "error" });
        return isRecord(value) || Array.isArray(value) ? value : undefined;
    } catch {
        return undefined;
    }
}

function within(value: unknown, path: readonly string[], holder: Record<string, unknown> = {}): Text[] {
    if (typeof value === "string") {
        // A file inside of a file, or a script in an argument.
        return value.includes("\n") ? lines(value, ...path) : [{ path, text: value, within: holder }];
    }
    if (Array.isArray(value)) return value.flatMap((item, i) => within(item, [...path, String(i)], holder));
    if (!isRecord(value) || value.enabled === false) return [];
    return Object.entries(value).flatMap(([key, inner]) => within(inner, [...path, key], value));
}

/** A comment from its sign on: `#` and `//` after space, `;` at a line's start. */
const COMMENT = /(^|\s)(#+|\/\/)(\s.*|$)|^\s*(;|#|\/\/).*/;

/** Lines without comments; nginx' own variables stand for what was last `set`. */
function lines(text: string, ...path: string[]): Text[] {
    const variables = new Map<string, string>();
    return text.split("\n").flatMap((line, i) => {
        const code = line.replace(COMMENT, "");
        const [, name, value] = /^\s*set\s+\$(\w+)\s+"?([^";]+)"?\s*;/.exec(code) ?? [];
        if (name !== undefined && value !== undefined) variables.set(name, value);
        if (code.trim() === "") return [];
        const filled = code.replace(/\$(\w+)/g, (written, each: string) => variables.get(each) ?? written);
        return [{ path: [...path, `line ${i + 1}`], text: filled, within: {} }];
    });
}
