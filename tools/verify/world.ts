import type { Plan } from "../plan/engine";
import { record } from "../records";
import type { KubernetesObject, RenderedObject } from "../render/manifests";
import { podsOf, type Pods } from "./pods";

/** Everything that a stack gives to the cluster, and ways to look things up in it. Checks read it and change nothing. */
export interface World {
    readonly plan: Plan;
    readonly objects: readonly RenderedObject[];
    /** Sets of alike pods that there will be, those that operators make included. */
    readonly pods: readonly Pods[];
    readonly ofKind: (kind: string) => readonly RenderedObject[];
    readonly find: (kind: string, namespace: string | undefined, name: string) => KubernetesObject | undefined;
}

export function worldOf(plan: Plan, objects: readonly RenderedObject[]): World {
    const byKind = new Map<string, RenderedObject[]>();
    for (const each of objects) byKind.set(each.object.kind, [...(byKind.get(each.object.kind) ?? []), each]);
    const byName = new Map(
        objects.map((each) => [key(each.object.kind, each.namespace, each.object.metadata.name), each]),
    );
    return {
        plan,
        objects,
        pods: objects.flatMap(podsOf),
        ofKind: (kind) => byKind.get(kind) ?? [],
        find: (kind, namespace, name) => byName.get(key(kind, namespace, name))?.object,
    };
}

/** An object's `spec`; empty where it has none. */
export function specOf({ spec }: KubernetesObject): Record<string, unknown> {
    return record(spec);
}

function key(...parts: (string | undefined)[]): string {
    return parts.join("/");
}

/** How findings call an object. */
export function nameOf({ namespace, object }: RenderedObject): string {
    return [namespace, object.kind, object.metadata.name].filter((part) => part !== undefined).join("/");
}
