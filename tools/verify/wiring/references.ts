import { at, isRecord, record, records, strings } from "../../records";
import type { RenderedObject } from "../../render/manifests";

/** One object naming another, or a key in it. */
export interface Reference {
    readonly kind: string;
    readonly namespace: string | undefined;
    readonly name: string;
    readonly keys: readonly string[];
    /** The owner does without. */
    readonly optional: boolean;
    /** Keys down to where it stands. */
    readonly path: string;
}

type Found = Omit<Reference, "namespace">;

function to(
    kind: string,
    name: unknown,
    path: string,
    from: Record<string, unknown> = {},
    ...keys: unknown[]
): Found[] {
    if (typeof name !== "string" || name === "") return [];
    return [
        { kind, name, path, keys: keys.filter((key) => typeof key === "string"), optional: from.optional === true },
    ];
}

/** What a pod's `spec` names in its own namespace, and the classes of the cluster. */
export function referencesOfPod(spec: Readonly<Record<string, unknown>>): Found[] {
    const volumes = records(spec.volumes);
    const containers = [...records(spec.initContainers), ...records(spec.containers)];
    return [
        ...to("ServiceAccount", spec.serviceAccountName, "serviceAccountName"),
        ...to("PriorityClass", spec.priorityClassName, "priorityClassName"),
        ...records(spec.imagePullSecrets).flatMap((each) => to("Secret", each.name, "imagePullSecrets")),
        ...volumes.flatMap(volume),
        ...containers.flatMap((container) => [...environment(container), ...mountedFiles(container, volumes)]),
    ];
}

function volume(each: Record<string, unknown>): Found[] {
    const path = `volume ${String(each.name)}`;
    const sources = records(record(each.projected).sources);
    return [
        ...to("PersistentVolumeClaim", record(each.persistentVolumeClaim).claimName, path),
        ...files("Secret", record(each.secret), "secretName", path),
        ...files("ConfigMap", record(each.configMap), "name", path),
        ...sources.flatMap((source) => [
            ...files("Secret", record(source.secret), "name", path),
            ...files("ConfigMap", record(source.configMap), "name", path),
        ]),
    ];
}

function files(kind: string, source: Record<string, unknown>, nameKey: string, path: string): Found[] {
    return to(kind, source[nameKey], path, source, ...records(source.items).map(({ key }) => key));
}

function environment(container: Record<string, unknown>): Found[] {
    const path = (variable: unknown) => `container ${String(container.name)}, env ${String(variable)}`;
    return [
        ...records(container.env).flatMap(({ name, valueFrom }) => {
            const { secretKeyRef, configMapKeyRef } = record(valueFrom);
            return [keyOf("Secret", secretKeyRef, path(name)), keyOf("ConfigMap", configMapKeyRef, path(name))].flat();
        }),
        ...records(container.envFrom).flatMap(({ secretRef, configMapRef }) => [
            ...to("Secret", record(secretRef).name, path("from"), record(secretRef)),
            ...to("ConfigMap", record(configMapRef).name, path("from"), record(configMapRef)),
        ]),
    ];
}

function keyOf(kind: string, ref: unknown, path: string): Found[] {
    const { name, key } = record(ref);
    return to(kind, name, path, record(ref), key);
}

/** A single file mounted out of a volume is a key by that name: where it lacks, the container gets an empty folder. */
function mountedFiles(container: Record<string, unknown>, volumes: Record<string, unknown>[]): Found[] {
    return records(container.volumeMounts).flatMap(({ name, subPath }) => {
        const from = volumes.find((each) => each.name === name);
        const secret = record(from?.secret);
        const configMap = record(from?.configMap);
        if (secret.items !== undefined || configMap.items !== undefined) return [];
        const path = `container ${String(container.name)}, subPath`;
        return [
            ...(subPath === undefined ? [] : to("Secret", secret.secretName, path, secret, subPath)),
            ...(subPath === undefined ? [] : to("ConfigMap", configMap.name, path, configMap, subPath)),
        ];
    });
}

/**
 * What an object names beside what its pods name, which is `referencesOfPod`'s. A StatefulSet's Service is left out: its
 * pods run without it, and who calls them by the names that it would give is told by his address.
 */
export function referencesOf({ namespace, object }: RenderedObject): Reference[] {
    const spec = record(object.spec);
    const own = (found: Found[]): Reference[] => found.map((each) => ({ ...each, namespace }));
    switch (object.kind) {
        case "Ingress":
            // The certificate's Secret comes from whoever issues certificates in this cluster.
            return own(backends(spec).flatMap(({ service }) => to("Service", record(service).name, "backend")));
        case "HTTPRoute":
            return records(spec.rules)
                .flatMap(({ backendRefs }) => records(backendRefs))
                .filter(({ kind }) => kind === undefined || kind === "Service")
                .flatMap((each) =>
                    to("Service", each.name, "backendRefs").map((found) => ({
                        ...found,
                        namespace: typeof each.namespace === "string" ? each.namespace : namespace,
                    })),
                );
        case "HorizontalPodAutoscaler": {
            const { kind, name } = record(spec.scaleTargetRef);
            return own(to(String(kind), name, "scaleTargetRef"));
        }
        case "RoleBinding":
        case "ClusterRoleBinding":
            return binding(namespace, object);
        case "ValidatingWebhookConfiguration":
        case "MutatingWebhookConfiguration":
            return records(object.webhooks).flatMap((hook) => {
                const service = record(at(hook, "clientConfig.service"));
                return to("Service", service.name, `webhook ${String(hook.name)}`).map((found) => ({
                    ...found,
                    namespace: String(service.namespace),
                }));
            });
        default:
            return isResource(object.apiVersion) ? own(inResource(spec, "spec")) : [];
    }
}

/** Backends of an Ingress. */
export function backends(spec: Record<string, unknown>): Record<string, unknown>[] {
    const paths = records(spec.rules).flatMap(({ http }) => records(record(http).paths));
    return [record(spec.defaultBackend), ...paths.map(({ backend }) => record(backend))];
}

function binding(namespace: string | undefined, object: Record<string, unknown>): Reference[] {
    const { kind, name } = record(object.roleRef);
    return [
        ...to(String(kind), name, "roleRef").map((found) => ({
            ...found,
            namespace: kind === "Role" ? namespace : undefined,
        })),
        ...records(object.subjects)
            .filter((subject) => subject.kind === "ServiceAccount")
            .flatMap((subject) =>
                to("ServiceAccount", subject.name, "subjects").map((found) => ({
                    ...found,
                    namespace: typeof subject.namespace === "string" ? subject.namespace : namespace,
                })),
            ),
    ];
}

/** Groups of the operators whose resources name Secrets and ConfigMaps in one of the ways below. */
function isResource(apiVersion: string): boolean {
    return /^(monitoring\.coreos\.com|postgresql\.cnpg\.io|barmancloud\.cnpg\.io)\//.test(apiVersion);
}

/** Fields of the operators' resources that hold nothing but a Secret's name. */
const SECRET_NAMES = new Set(["configSecret", "secretName"]);
/** Fields that hold `{ name }` of a Secret. */
const SECRET_OBJECTS = new Set([
    "secret",
    "superuserSecret",
    "serverTLSSecret",
    "serverCASecret",
    "replicationTLSSecret",
]);

function inResource(value: unknown, path: string): Found[] {
    if (Array.isArray(value)) return value.flatMap((item) => inResource(item, path));
    if (!isRecord(value)) return [];
    return Object.entries(value).flatMap(([key, inner]): Found[] => {
        const here = `${path}.${key}`;
        if (key === "secrets" || key === "imagePullSecrets") {
            return [...strings(inner), ...records(inner).map(({ name }) => name)].flatMap((name) =>
                to("Secret", name, here),
            );
        }
        if (key === "configMaps") return strings(inner).flatMap((name) => to("ConfigMap", name, here));
        if (key === "barmanObjectName") return to("ObjectStore", inner, here);
        if (key === "serviceAccountName") return to("ServiceAccount", inner, here);
        if (SECRET_NAMES.has(key)) return to("Secret", inner, here);
        if (!isRecord(inner)) return inResource(inner, here);
        const { name, key: inside } = inner;
        // A selector: `{ name, key }`, of a ConfigMap where the field says so, else of a Secret.
        if (typeof name === "string" && typeof inside === "string") {
            return to(/configMap/i.test(key) ? "ConfigMap" : "Secret", name, here, inner, inside);
        }
        if (SECRET_OBJECTS.has(key) && typeof name === "string") return to("Secret", name, here, inner);
        return inResource(inner, here);
    });
}
