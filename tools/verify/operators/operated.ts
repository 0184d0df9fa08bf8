import { record } from "../../records";
import type { KubernetesObject, RenderedObject } from "../../render/manifests";
import { podsOf, type Pods } from "../pods";

/**
 * What an operator makes of a resource: modelled from its sources, as far as the rest of the stack relies on it. Of
 * Secrets and ConfigMaps only the names and keys are modelled.
 */
export interface Operated {
    readonly pods: readonly Pods[];
    readonly objects: readonly RenderedObject[];
}

/** What an operator knows beside the resource itself. */
export interface Operator {
    /** Kind that it acts on, as `GROUP/KIND`. */
    readonly kind: string;
    readonly operate: (owner: RenderedObject, all: readonly RenderedObject[]) => Operated;
}

/** Objects beside their owner: in its namespace where they name none, of its release. */
export function beside(owner: RenderedObject, objects: readonly KubernetesObject[]): RenderedObject[] {
    return objects.map((object) => ({
        release: owner.release,
        namespace: object.kind.startsWith("Cluster") ? undefined : (object.metadata.namespace ?? owner.namespace),
        hook: undefined,
        object,
    }));
}

/** The pods of a workload that an operator makes: findings name the resource that it makes them from. */
export function podsFor(owner: RenderedObject, workload: KubernetesObject): Pods[] {
    return beside(owner, [workload])
        .flatMap(podsOf)
        .map((pods) => ({ ...pods, owner }));
}

export function service(
    name: string,
    selector: Record<string, string>,
    ports: readonly Record<string, unknown>[],
    more: Record<string, unknown> = {},
    labels: Record<string, string> = {},
): KubernetesObject {
    return { apiVersion: "v1", kind: "Service", metadata: { name, labels }, spec: { selector, ports, ...more } };
}

/** A Secret or ConfigMap of which only the keys are known before the operator has made it. */
export function keysOnly(kind: "Secret" | "ConfigMap", name: string, keys: readonly string[]): KubernetesObject {
    const data = Object.fromEntries(keys.map((each) => [each, ""]));
    return { apiVersion: "v1", kind, metadata: { name }, data };
}

export function budget(
    name: string,
    matchLabels: Record<string, string>,
    limit: Record<string, unknown>,
): KubernetesObject {
    return {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name },
        spec: { selector: { matchLabels }, ...limit },
    };
}

/** Texts of a map, as labels are. */
export function texts(value: unknown): Record<string, string> {
    return Object.fromEntries(Object.entries(record(value)).map(([key, text]) => [key, String(text)]));
}
