import assert from "node:assert/strict";
import type { KubernetesObject, RenderedObject } from "../../../tools/render/manifests";

/** Something wrong that is put into the rendered production stack on purpose. */
export interface Fault {
    /** Completes "verify finds …". */
    readonly name: string;
    /** The check that is to find it. */
    readonly check: string;
    /** What its finding says: object, found and wanted. */
    readonly finds: RegExp;
    readonly put: (objects: readonly RenderedObject[]) => RenderedObject[];
}

/** Maps of a manifest, as far as a fault looks into them. */
export type Part = Record<string, unknown>;

type Name = `${string}/${string}/${string}`;

/**
 * The stack with one object changed.
 * @param name `NAMESPACE/KIND/NAME`, as findings call it
 */
export function changed(
    name: Name | `ValidatingWebhookConfiguration/${string}`,
    change: (object: KubernetesObject) => void,
): Fault["put"] {
    return (objects) => {
        const found = objects.find((each) => nameOf(each) === name);
        assert.ok(found !== undefined, `the stack renders no ${name}: the fault is out of date`);
        const object = structuredClone(found.object);
        change(object);
        assert.notDeepEqual(object, found.object, `the fault changes nothing in ${name}`);
        return objects.map((each) => (each === found ? { ...found, object } : each));
    };
}

/** A manifest's `spec`. */
export function spec(object: KubernetesObject): Part {
    return object.spec as Part;
}

/** The stack without an object. */
export function without(name: Name | `PriorityClass/${string}`): Fault["put"] {
    return (objects) => {
        const left = objects.filter((each) => nameOf(each) !== name);
        assert.equal(left.length, objects.length - 1, `the stack renders no ${name}: the fault is out of date`);
        return left;
    };
}

type Direction = "ingress" | "egress";

/** Rules of a NetworkPolicy that have this in their JSON. */
export function rulesOf(policy: KubernetesObject, direction: Direction, part: string): Part[] {
    return (spec(policy)[direction] as Part[]).filter((rule) => JSON.stringify(rule).includes(part));
}

/** The stack with a NetworkPolicy that no longer lets pass what has this in its JSON. */
export function closed(name: Name, direction: Direction, part: string): Fault["put"] {
    return changed(name, (policy) => {
        const gone = rulesOf(policy, direction, part);
        assert.equal(gone.length, 1, `${part} in ${name}`);
        spec(policy)[direction] = (spec(policy)[direction] as Part[]).filter((rule) => !gone.includes(rule));
    });
}

/** Another text in place of every occurrence of one in an object, in a Secret's encoded files too. */
export function replaced(name: Name, from: string, to: string): Fault["put"] {
    return changed(name, (object) => {
        const files = object.data as Record<string, string>;
        for (const [key, text] of Object.entries(files)) {
            const plain = object.kind === "Secret" ? Buffer.from(text, "base64").toString() : text;
            const other = plain.replaceAll(from, to);
            files[key] = object.kind === "Secret" ? Buffer.from(other).toString("base64") : other;
        }
    });
}

function nameOf({ namespace, object }: RenderedObject): string {
    return [namespace, object.kind, object.metadata.name].filter((part) => part !== undefined).join("/");
}
