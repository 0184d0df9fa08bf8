import { identityOf, type KubernetesObject, type RenderedObject } from "../render/manifests";
import { nameOf } from "../verify/cluster-model";
import { madeByOperators } from "../verify/operators/operators";
import type { Cluster } from "./cluster";
import { driftOf, type FieldDrift } from "./fields";
import { writtenByOthers, type Written } from "./managers";

/** One object of the cluster that is not what the stack asks. */
export interface Drift {
    /** `NAMESPACE/KIND/NAME`, or `KIND/NAME` for what belongs to no namespace. */
    readonly object: string;
    readonly what:
        | { readonly kind: "missing" }
        | { readonly kind: "changed"; readonly fields: readonly FieldDrift[]; readonly written: readonly Written[] }
        | { readonly kind: "unknown"; readonly written: readonly Written[] };
}

export interface DriftReport {
    /** How many objects of the stack were looked at. */
    readonly compared: number;
    readonly drift: readonly Drift[];
}

/** Kinds of which one more in a namespace of the platform changes what it does, or who may reach it. */
const CLOSED = [
    "networkpolicies.networking.k8s.io",
    "roles.rbac.authorization.k8s.io",
    "rolebindings.rbac.authorization.k8s.io",
    "deployments.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "cronjobs.batch",
    "services",
    "ingresses.networking.k8s.io",
    "resourcequotas",
    "limitranges",
    "poddisruptionbudgets.policy",
    "horizontalpodautoscalers.autoscaling",
];

/**
 * What the cluster has otherwise than the stack asks: objects that are gone, fields that differ, fields that others wrote
 * and the stack leaves open, and objects in its namespaces that nobody of it made.
 * @param objects everything that the stack gives to the cluster; what Helm runs at an event is there for moments only.
 */
export function drift(objects: readonly RenderedObject[], cluster: Cluster): DriftReport {
    const lasting = objects.filter(({ hook }) => hook === undefined);
    const live = cluster.read(lasting);
    const compared = lasting.flatMap((each) => ofObject(each, live.get(identityOf(each))));
    return { compared: lasting.length, drift: [...compared, ...strangers(objects, cluster)] };
}

function ofObject(wanted: RenderedObject, live: KubernetesObject | undefined): Drift[] {
    const name = nameOf(wanted);
    if (live === undefined) return [{ object: name, what: { kind: "missing" } }];
    const fields = driftOf(wanted.object, live);
    const written = writtenByOthers(live);
    return fields.length + written.length === 0 ? [] : [{ object: name, what: { kind: "changed", fields, written } }];
}

function strangers(objects: readonly RenderedObject[], cluster: Cluster): Drift[] {
    const known = new Set([...objects, ...madeByOperators(objects).objects].map(identityOf));
    return objects
        .filter(({ object }) => object.kind === "Namespace")
        .flatMap(({ object }) => cluster.list(CLOSED, object.metadata.name))
        .map((object) => ({ namespace: object.metadata.namespace, object }))
        .filter((live) => !known.has(identityOf(live)) && live.object.metadata.ownerReferences === undefined)
        .map((live) => ({
            object: nameOf(live),
            what: { kind: "unknown", written: writtenByOthers(live.object) },
        }));
}
