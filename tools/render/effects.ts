import { isDeepStrictEqual } from "node:util";
import { record } from "../records";
import type { KubernetesObject } from "./manifests";

/** Kinds whose removal takes data or other objects with it. */
const COSTLY: Record<string, string> = {
    CustomResourceDefinition: "every object of its kind goes with it",
    Namespace: "everything in it goes with it",
    PersistentVolumeClaim: "its data goes with it, unless its storage class keeps volumes",
    StatefulSet: "its pods go; its volume claims stay",
    Cluster: "its pods and volumes go with it",
};

/** Fields of a StatefulSet's spec that the API server lets one change. */
const STATEFUL_SET_MUTABLE = new Set([
    ...["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "minReadySeconds"],
    "persistentVolumeClaimRetentionPolicy",
]);

/** What a change to an object does to the cluster beyond the object itself, for people. */
export function effects(before: KubernetesObject | undefined, after: KubernetesObject | undefined): string[] {
    if (after === undefined) {
        const cost = before && COSTLY[before.kind];
        return cost === undefined ? [] : [cost];
    }
    if (before === undefined) return [];
    const [was, is] = [record(before.spec), record(after.spec)];
    return [...scaled(was, is), ...rolled(after.kind, was, is), ...refused(after.kind, before, after)];
}

function scaled(was: Record<string, unknown>, is: Record<string, unknown>): string[] {
    return ["replicas", "instances"].flatMap((field) =>
        typeof is[field] === "number" && was[field] !== is[field]
            ? [`${field} ${String(was[field])} → ${is[field]}`]
            : [],
    );
}

function rolled(kind: string, was: Record<string, unknown>, is: Record<string, unknown>): string[] {
    if (!["Deployment", "StatefulSet", "DaemonSet"].includes(kind)) return [];
    if (was.template === undefined || isDeepStrictEqual(was.template, is.template)) return [];
    const update = record(is.updateStrategy ?? is.strategy);
    const how = update.type === "OnDelete" ? "change as they are deleted" : "are replaced";
    const checksums = isDeepStrictEqual(withoutAnnotations(was.template), withoutAnnotations(is.template));
    return [`its pods ${how}${checksums ? " (annotations only, as when a configuration changed)" : ""}`];
}

function withoutAnnotations(template: unknown): unknown {
    const { metadata, ...rest } = record(template);
    return { ...rest, metadata: { ...record(metadata), annotations: undefined } };
}

function refused(kind: string, before: KubernetesObject, after: KubernetesObject): string[] {
    const [was, is] = [record(before.spec), record(after.spec)];
    const changed = (field: string) => !isDeepStrictEqual(was[field], is[field]);
    const fields: string[] = [];
    if (kind === "StatefulSet") {
        for (const field of new Set([...Object.keys(was), ...Object.keys(is)])) {
            if (!STATEFUL_SET_MUTABLE.has(field) && changed(field)) fields.push(`spec.${field}`);
        }
    }
    if (["Deployment", "DaemonSet"].includes(kind) && changed("selector")) fields.push("spec.selector");
    // A hook is deleted and made anew where its policy says so.
    const hook = after.metadata.annotations?.["helm.sh/hook"] !== undefined;
    if (kind === "Job" && !hook && changed("template")) fields.push("spec.template");
    if (["RoleBinding", "ClusterRoleBinding"].includes(kind) && !isDeepStrictEqual(before.roleRef, after.roleRef)) {
        fields.push("roleRef");
    }
    return fields.length === 0 ? [] : [`the API server will refuse this: ${fields.sort().join(", ")} cannot change`];
}
