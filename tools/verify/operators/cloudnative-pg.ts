import { at, record, records, strings } from "../../records";
import type { KubernetesObject, RenderedObject } from "../../render/manifests";
import type { Pods } from "../pods";
import { archivers } from "./barman-cloud";
import { beside, budget, keysOnly, service, type Operator } from "./operated";

// Sources, at v1.30: cloudnative-pg, pkg/specs/{pods,services,poddisruptionbudget,roles}.go, api/v1/cluster_funcs.go.

/** Makes a Cluster's instances: pods without a controller, one of them the primary at any time. */
export const cloudNativePg: Operator = {
    kind: "postgresql.cnpg.io/Cluster",
    operate: (owner, all) => {
        const instances = countOf(owner);
        return {
            pods: [instancesOf(owner, all, "primary", 1), instancesOf(owner, all, "replica", instances - 1)].filter(
                ({ replicas }) => replicas !== undefined && replicas > 0,
            ),
            objects: beside(owner, [
                ...services(owner.object),
                ...(record(owner.object.spec).enablePDB === false ? [] : budgets(owner.object, instances)),
                ...secrets(owner.object),
                ...access(owner),
            ]),
        };
    },
};

function countOf({ object }: RenderedObject): number {
    const { instances } = record(object.spec);
    return typeof instances === "number" ? instances : 1;
}

type Role = "primary" | "replica";

function instancesOf(owner: RenderedObject, all: readonly RenderedObject[], role: Role, replicas: number): Pods {
    const { name } = owner.object.metadata;
    const spec = record(owner.object.spec);
    const storage = (key: string) => at(spec, `${key}.size`);
    const claim = (claimName: string, size: unknown) => ({
        metadata: { name: claimName },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } },
    });
    return {
        owner,
        kind: "Instances",
        name: `${name} (${role})`,
        namespace: owner.namespace ?? "default",
        replicas,
        labels: {
            "cnpg.io/cluster": name,
            "cnpg.io/podRole": "instance",
            "cnpg.io/instanceRole": role,
            role,
            "app.kubernetes.io/name": "postgresql",
            "app.kubernetes.io/instance": name,
            "app.kubernetes.io/component": "database",
            "app.kubernetes.io/managed-by": "cloudnative-pg",
        },
        annotations: {},
        // It replaces one instance at a time and switches the primary over first.
        strategy: { type: "RollingUpdate" },
        spec: podSpec(owner, all),
        claims: [
            claim("pgdata", storage("storage")),
            ...(storage("walStorage") === undefined ? [] : [claim("pg-wal", storage("walStorage"))]),
        ],
    };
}

function podSpec(owner: RenderedObject, all: readonly RenderedObject[]): Record<string, unknown> {
    const cluster = owner.object;
    const spec = record(cluster.spec);
    const affinity = record(spec.affinity);
    const seccompProfile = spec.seccompProfile ?? { type: "RuntimeDefault" };
    const securityContext = {
        ...{ allowPrivilegeEscalation: false, privileged: false, runAsNonRoot: true, readOnlyRootFilesystem: true },
        ...{ capabilities: { drop: ["ALL"] }, seccompProfile },
        ...record(spec.securityContext),
    };
    const probe = (path: string) => ({ httpGet: { path, port: 8000 } });
    return {
        affinity: antiAffinity(cluster.metadata.name, affinity),
        nodeSelector: affinity.nodeSelector,
        tolerations: affinity.tolerations,
        topologySpreadConstraints: spec.topologySpreadConstraints,
        priorityClassName: spec.priorityClassName,
        serviceAccountName: cluster.metadata.name,
        // It mounts a projected token of its own: pkg/specs/volumes.go.
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: typeof spec.stopDelay === "number" ? spec.stopDelay : 1800,
        securityContext: {
            ...{ runAsUser: 26, runAsGroup: 26, runAsNonRoot: true, fsGroup: 26, seccompProfile },
            ...record(spec.podSecurityContext),
        },
        initContainers: [
            { name: "bootstrap-controller", image: operatorImage(all), resources: spec.resources, securityContext },
            ...archivers(owner, all),
        ],
        containers: [
            {
                name: "postgres",
                image: spec.imageName,
                ports: [
                    { name: "postgresql", containerPort: 5432, protocol: "TCP" },
                    { name: "metrics", containerPort: 9187, protocol: "TCP" },
                    { name: "status", containerPort: 8000, protocol: "TCP" },
                ],
                resources: spec.resources,
                readinessProbe: probe("/readyz"),
                livenessProbe: probe("/healthz"),
                securityContext,
            },
        ],
        volumes: [
            { name: "pgdata", persistentVolumeClaim: {} },
            { name: "scratch-data", emptyDir: {} },
            { name: "shm", emptyDir: { medium: "Memory" } },
        ],
    };
}

function operatorImage(all: readonly RenderedObject[]): unknown {
    return all
        .filter(({ object }) => object.kind === "Deployment")
        .flatMap(({ object }) => records(at(object, "spec.template.spec.containers")))
        .find(({ command }) => strings(command).includes("/manager"))?.image;
}

function antiAffinity(cluster: string, affinity: Record<string, unknown>): Record<string, unknown> {
    const own = record(affinity.additionalPodAntiAffinity);
    const term = {
        labelSelector: {
            matchExpressions: [
                { key: "cnpg.io/cluster", operator: "In", values: [cluster] },
                { key: "cnpg.io/podRole", operator: "In", values: ["instance"] },
            ],
        },
        topologyKey: affinity.topologyKey ?? "kubernetes.io/hostname",
    };
    const required = affinity.enablePodAntiAffinity !== false && affinity.podAntiAffinityType === "required";
    return {
        podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
                ...(required ? [term] : []),
                ...records(own.requiredDuringSchedulingIgnoredDuringExecution),
            ],
        },
    };
}

function services({ metadata: { name } }: KubernetesObject): KubernetesObject[] {
    const ports = [{ name: "postgres", port: 5432, targetPort: 5432, protocol: "TCP" }];
    const own = { "cnpg.io/cluster": name };
    return [
        service(`${name}-rw`, { ...own, "cnpg.io/instanceRole": "primary" }, ports, {}, own),
        service(`${name}-ro`, { ...own, "cnpg.io/instanceRole": "replica" }, ports, {}, own),
        service(`${name}-r`, { ...own, "cnpg.io/podRole": "instance" }, ports, {}, own),
    ];
}

/** The primary's lets no eviction through: the operator moves the role away from a cordoned node first. */
function budgets({ metadata: { name } }: KubernetesObject, instances: number): KubernetesObject[] {
    const of = (role: Role) => ({ "cnpg.io/cluster": name, "cnpg.io/instanceRole": role });
    return [
        budget(`${name}-primary`, of("primary"), { minAvailable: 1 }),
        ...(instances < 3 ? [] : [budget(name, of("replica"), { minAvailable: instances - 2 })]),
    ];
}

function secrets(cluster: KubernetesObject): KubernetesObject[] {
    const { name } = cluster.metadata;
    const spec = record(cluster.spec);
    const user = ["username", "user", "password", "dbname", "host", "port", "uri", "jdbc-uri", "fqdn-uri", "pgpass"];
    const given = ["initdb", "recovery", "pg_basebackup"].some(
        (way) => at(spec, `bootstrap.${way}.secret.name`) !== undefined,
    );
    return [
        keysOnly("Secret", `${name}-ca`, ["ca.crt", "ca.key"]),
        keysOnly("Secret", `${name}-server`, ["tls.crt", "tls.key"]),
        keysOnly("Secret", `${name}-replication`, ["tls.crt", "tls.key"]),
        ...(given ? [] : [keysOnly("Secret", `${name}-app`, user)]),
        ...(spec.enableSuperuserAccess === true ? [keysOnly("Secret", `${name}-superuser`, user)] : []),
    ];
}

function access({ namespace, object }: RenderedObject): KubernetesObject[] {
    const { name } = object.metadata;
    return [
        {
            apiVersion: "v1",
            kind: "ServiceAccount",
            metadata: { ...record(at(object, "spec.serviceAccountTemplate.metadata")), name },
            // Not on the pods: pkg/specs/serviceaccount.go.
            imagePullSecrets: at(object, "spec.imagePullSecrets"),
        },
        {
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "RoleBinding",
            metadata: { name },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
            subjects: [{ kind: "ServiceAccount", name, namespace }],
        },
    ];
}
