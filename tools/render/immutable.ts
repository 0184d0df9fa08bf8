import { isDeepStrictEqual } from "node:util";
import { memoryBytes } from "../plan/quantities";
import { at, record, records } from "../records";
import type { KubernetesObject } from "./manifests";

/** Fields of a StatefulSet's spec that the API server lets one change. */
const STATEFUL_SET_MUTABLE = new Set([
    ...["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "minReadySeconds"],
    "persistentVolumeClaimRetentionPolicy",
]);

/** Of a claim's spec only these may change, and the size only to a larger one. */
const CLAIM_MUTABLE = new Set(["resources", "volumeAttributesClassName"]);

/** Fields that stay as they are made, by kind, as Kubernetes' validation of updates has them. */
const FIXED: Record<string, readonly string[]> = {
    ClusterRoleBinding: ["roleRef"],
    CustomResourceDefinition: ["spec.group", "spec.scope"],
    DaemonSet: ["spec.selector"],
    Deployment: ["spec.selector"],
    Job: ["spec.selector", "spec.template"],
    PriorityClass: ["preemptionPolicy", "value"],
    RoleBinding: ["roleRef"],
    StorageClass: ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"],
};

/** What the API server will refuse of a change, in one sentence; nothing where it takes all of it. */
export function refused(before: KubernetesObject, after: KubernetesObject): string[] {
    // A hook is deleted and made anew where its policy says so.
    if (after.kind === "Job" && after.metadata.annotations?.["helm.sh/hook"] !== undefined) return [];
    const fields = [
        ...(FIXED[after.kind] ?? []).filter((path) => !isDeepStrictEqual(at(before, path), at(after, path))),
        ...(RULES[after.kind]?.(before, after) ?? []),
    ];
    return fields.length === 0 ? [] : [`the API server will refuse this: ${fields.sort().join(", ")} cannot change`];
}

type Rule = (before: KubernetesObject, after: KubernetesObject) => string[];

/** What a list of fields cannot say. */
const RULES: Record<string, Rule> = {
    StatefulSet: (before, after) => changedBut(STATEFUL_SET_MUTABLE, before, after),
    PersistentVolumeClaim: (before, after) => [
        ...changedBut(CLAIM_MUTABLE, before, after),
        ...smaller("spec.resources.requests.storage", before, after),
    ],
    // CloudNativePG grows its volumes; its webhook refuses smaller ones.
    Cluster: (before, after) => ["spec.storage.size", "spec.walStorage.size"].flatMap((p) => smaller(p, before, after)),
    Service: (before, after) => {
        const external = [before, after].some(({ spec }) => at(spec, "type") === "ExternalName");
        const headless = [before, after].map(({ spec }) => at(spec, "clusterIP") === "None");
        return !external && headless[0] !== headless[1] ? ["spec.clusterIP"] : [];
    },
    ConfigMap: sealed,
    Secret: (before, after) => {
        const type = ({ type: given = "Opaque" }: KubernetesObject) => given;
        return [...sealed(before, after), ...(type(before) === type(after) ? [] : ["type"])];
    },
    // Objects are stored in that version until each is written anew.
    CustomResourceDefinition: (before, after) => {
        const left = records(at(after.spec, "versions")).map(({ name }) => name);
        const stored = records(at(before.spec, "versions")).filter(({ storage }) => storage === true);
        return stored.filter(({ name }) => !left.includes(name)).map(({ name }) => `spec.versions ${String(name)}`);
    },
};

function changedBut(mutable: ReadonlySet<string>, before: KubernetesObject, after: KubernetesObject): string[] {
    const [was, is] = [record(before.spec), record(after.spec)];
    return [...new Set([...Object.keys(was), ...Object.keys(is)])]
        .filter((field) => !mutable.has(field) && !isDeepStrictEqual(was[field], is[field]))
        .map((field) => `spec.${field}`);
}

function smaller(path: string, before: KubernetesObject, after: KubernetesObject): string[] {
    return memoryBytes(at(after, path)) < memoryBytes(at(before, path)) ? [path] : [];
}

function sealed(before: KubernetesObject, after: KubernetesObject): string[] {
    if (before.immutable !== true) return [];
    const fields = ["binaryData", "data", "immutable", "stringData"];
    return fields.filter((field) => !isDeepStrictEqual(before[field], after[field]));
}
