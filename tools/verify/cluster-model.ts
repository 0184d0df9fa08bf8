import type { Plan } from "../plan/engine";
import { record } from "../records";
import type { KubernetesObject, RenderedObject } from "../render/manifests";
import { madeByOperators } from "./operators/operators";
import { podsOf, type Pods } from "./pods";
import type { Settings } from "./program";

/** What a stack gives to the cluster, before anything is looked up in it. */
export interface Given {
    readonly plan: Plan;
    readonly settings: Settings;
    /** Version of Kubernetes that charts were rendered for. */
    readonly kubeVersion: string;
    readonly objects: readonly RenderedObject[];
}

/** Everything that a stack gives to the cluster, and ways to look things up in it. Checks read it and change nothing. */
export interface ClusterModel extends Given {
    /** Objects that operators will make from the stack's resources, as far as others rely on them. */
    readonly made: readonly RenderedObject[];
    /** Sets of alike pods that there will be, those that operators make included. */
    readonly pods: readonly Pods[];
    /** Objects of a kind, those that operators make included. */
    readonly ofKind: (kind: string) => readonly RenderedObject[];
    /** An object, also one that an operator makes. */
    readonly find: (kind: string, namespace: string | undefined, name: string) => KubernetesObject | undefined;
}

export function modelOf(given: Given): ClusterModel {
    const operated = madeByOperators(given.objects);
    const all = [...given.objects, ...operated.objects];
    const byKind = new Map<string, RenderedObject[]>();
    for (const each of all) byKind.set(each.object.kind, [...(byKind.get(each.object.kind) ?? []), each]);
    const byName = new Map(all.map((each) => [key(each.object.kind, each.namespace, each.object.metadata.name), each]));
    return {
        ...given,
        made: operated.objects,
        pods: [...given.objects.flatMap(podsOf), ...operated.pods],
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
export function nameOf({ namespace, object }: Pick<RenderedObject, "namespace" | "object">): string {
    return [namespace, object.kind, object.metadata.name].filter((part) => part !== undefined).join("/");
}
