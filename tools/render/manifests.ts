import { stringify } from "yaml";
import { goValues } from "../go-yaml";
import { isRecord, records } from "../records";

export interface KubernetesObject {
    apiVersion: string;
    kind: string;
    metadata: {
        name: string;
        namespace?: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
        [key: string]: unknown;
    };
    [key: string]: unknown;
}

/** An object as the cluster will be given it. */
export interface RenderedObject {
    /** Helm release, or `PROGRAM` for what the program makes without Helm. */
    readonly release: string;
    /** Namespace it will be in, also where its manifest leaves that to Helm; undefined for the cluster's own. */
    readonly namespace: string | undefined;
    /** Events that Helm runs it at (`pre-install,post-upgrade`); undefined for an ordinary object. */
    readonly hook: string | undefined;
    /** Secrets are as rendered here; `fileOf` masks them. */
    readonly object: KubernetesObject;
}

/** API group of an object; empty for Kubernetes' first one. */
export function groupOf({ apiVersion }: Pick<KubernetesObject, "apiVersion">): string {
    return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** What makes an object the same one to the API server: its version may change. */
export function identityOf({ namespace, object }: Pick<RenderedObject, "namespace" | "object">): string {
    return [groupOf(object), object.kind, namespace ?? "", object.metadata.name].join("/");
}

/** Stands in place of a release for objects that the program makes itself. */
export const PROGRAM = "_program";

/** Beside a release's objects: the values that the program sends, so that a change of an object can be traced to them. */
export const VALUES_FILE = "_values.yaml";

/** Takes the place of every value of a Secret, whatever its length. */
export const MASK = "********";

/** Objects of Helm's output, lists taken apart. */
export function parseManifests(text: string): KubernetesObject[] {
    return goValues(text).flatMap(objectsIn);
}

/**
 * The objects of one document, a list taken apart.
 * @throws Error where it is a map and no object.
 */
export function objectsIn(value: unknown): KubernetesObject[] {
    if (!isRecord(value)) return [];
    if (typeof value.kind === "string" && value.kind.endsWith("List") && Array.isArray(value.items)) {
        return value.items.flatMap(objectsIn);
    }
    if (!isObject(value)) {
        throw new Error(`not a Kubernetes object: ${JSON.stringify(value).slice(0, 200)}`);
    }
    return [value];
}

function isObject(value: Record<string, unknown>): value is KubernetesObject {
    const { apiVersion, kind, metadata } = value;
    return (
        typeof apiVersion === "string" &&
        typeof kind === "string" &&
        isRecord(metadata) &&
        typeof metadata.name === "string"
    );
}

/** Kinds of Kubernetes itself that belong to no namespace. */
const CLUSTER_KINDS = new Set([
    ...["APIService", "CSIDriver", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "IngressClass"],
    ...["MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume", "PodSecurityPolicy", "PriorityClass"],
    ...["RuntimeClass", "StorageClass", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
    ...["ValidatingWebhookConfiguration", "VolumeSnapshotClass"],
]);

/** Puts a release's objects where Helm will put them. */
export function placed(release: string, namespace: string | undefined, objects: KubernetesObject[]): RenderedObject[] {
    return objects.map((object) => ({
        release,
        namespace: CLUSTER_KINDS.has(object.kind) ? undefined : (object.metadata.namespace ?? namespace),
        hook: object.metadata.annotations?.["helm.sh/hook"],
        object,
    }));
}

/** Objects whose kind a definition of the stack keeps out of namespaces are taken out of theirs. */
export function withDefinedScopes(objects: readonly RenderedObject[]): RenderedObject[] {
    const ownByKind = new Set<string>();
    for (const { object } of objects) {
        const { group, names, scope } = definition(object);
        if (scope === "Cluster") ownByKind.add(`${group} ${names}`);
    }
    return objects.map((each) => {
        const group = each.object.apiVersion.split("/")[0] ?? "";
        return ownByKind.has(`${group} ${each.object.kind}`) ? { ...each, namespace: undefined } : each;
    });
}

function definition(object: KubernetesObject): { group: string; names: string; scope: string; versions: string[] } {
    const spec = object.kind === "CustomResourceDefinition" && isRecord(object.spec) ? object.spec : {};
    const names = isRecord(spec.names) ? spec.names : {};
    return {
        group: String(spec.group),
        names: String(names.kind),
        scope: String(spec.scope),
        versions: records(spec.versions).flatMap(({ name, served }) => (served === true ? [String(name)] : [])),
    };
}

/** API versions that objects bring with them, in the two forms that charts ask for. */
export function apiVersionsOf(objects: readonly RenderedObject[]): string[] {
    const found = objects.flatMap(({ object }) => {
        const { group, names, versions } = definition(object);
        return versions.flatMap((version) => [`${group}/${version}`, `${group}/${version}/${names}`]);
    });
    return [...new Set(found)].sort();
}

/** The object with a Secret's values masked. */
export function masked(object: KubernetesObject): KubernetesObject {
    if (object.kind !== "Secret" || object.apiVersion !== "v1") return object;
    const copy = { ...object };
    for (const field of ["data", "stringData"]) {
        const values = copy[field];
        if (values === undefined || values === null) continue;
        copy[field] = isRecord(values) ? Object.fromEntries(Object.keys(values).map((key) => [key, MASK])) : MASK;
    }
    return copy;
}

/** Equal content gives equal text. Helm and kubectl read YAML 1.1, where `off` without quotes is no text. */
export const YAML_FORM = {
    sortMapEntries: true,
    lineWidth: 0,
    aliasDuplicateObjects: false,
    compat: "yaml-1.1",
} as const;

/** One form for equal objects, whatever the order of their keys; a Secret's values are masked. */
export function yamlOf(object: KubernetesObject): string {
    return stringify(masked(object), YAML_FORM);
}

/** Where an object's file stands in the output folder: `RELEASE/[hooks/]NAMESPACE/KIND-NAME.yaml`. */
export function pathOf({ release, namespace, hook, object }: RenderedObject): string {
    const name = `${object.kind}-${object.metadata.name}`.replace(/[^A-Za-z0-9._-]/g, "_");
    return [release, ...(hook === undefined ? [] : ["hooks"]), namespace ?? "_cluster", `${name}.yaml`].join("/");
}

/** Files of a rendered stack by path. Objects of one kind and name in two API groups get their group in the name. */
export function filesOf(objects: readonly RenderedObject[]): Map<string, string> {
    const byPath = new Map<string, RenderedObject[]>();
    for (const each of objects) {
        const path = pathOf(each);
        byPath.set(path, [...(byPath.get(path) ?? []), each]);
    }
    const files = new Map<string, string>();
    for (const [path, same] of byPath) {
        for (const { object, release } of same) {
            const group = groupOf(object) || "core";
            const file = same.length === 1 ? path : path.replace(/\.yaml$/, `.${group}.yaml`);
            if (files.has(file)) throw new Error(`${release} makes ${file} twice: one of the two would be lost`);
            files.set(file, yamlOf(object));
        }
    }
    return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
