import { at, record, records, strings } from "../../records";
import type { KubernetesObject, RenderedObject } from "../../render/manifests";
import { beside, budget, keysOnly, podsFor, service, texts, type Operator } from "./operated";

// Sources, at v0.74.1: VictoriaMetrics/operator, internal/controller/operator/factory/vmagent/{vmagent,rbac}.go,
// vmalert/vmalert.go, build/{container,podtemplate,security,service,pdb}.go.

/** Where the two resources differ. */
interface Variant {
    /** Name of the container; before the names of what it makes, but where those are the resource's own. */
    readonly name: "vmagent" | "vmalert";
    readonly args: (spec: Record<string, unknown>) => readonly string[];
    readonly volumes: (spec: Record<string, unknown>, name: string) => readonly Record<string, unknown>[];
    /** Objects beside its Service, its budget and its account. */
    readonly objects: (owner: RenderedObject, name: string) => readonly KubernetesObject[];
}

const emptyDir = (name: string) => ({ name, emptyDir: {} });
const fromSecret = (name: string, secretName: unknown) => ({ name, secret: { secretName } });

const header = (given: unknown) => strings(given).join("^^");

export const vmAgent: Operator = modelled("VMAgent", {
    name: "vmagent",
    args: (spec) => [
        ...records(spec.remoteWrite).flatMap(({ url, headers }) => [
            `--remoteWrite.url=${String(url)}`,
            `--remoteWrite.headers=${header(headers)}`,
        ]),
        `--remoteWrite.maxDiskUsagePerURL=${String(at(spec, "remoteWriteSettings.maxDiskUsagePerURL"))}`,
        ...(spec.statefulMode === true ? ["--remoteWrite.tmpDataPath=/vmagent_pq/vmagent-remotewrite-data"] : []),
        "--promscrape.config=/etc/vmagent/config_out/vmagent.yaml",
    ],
    volumes: (_spec, name) => [
        emptyDir("config-out"),
        fromSecret("config", name),
        fromSecret("tls-assets", `tls-assets-${name}`),
    ],
    objects: ({ namespace }, name) => [
        keysOnly("Secret", name, ["vmagent.yaml.gz"]),
        keysOnly("Secret", `tls-assets-${name}`, []),
        ...access(name, namespace ?? "default"),
    ],
});

export const vmAlert: Operator = modelled("VMAlert", {
    name: "vmalert",
    args: (spec) => [
        ...["datasource", "remoteRead", "remoteWrite"].flatMap((each) => [
            `--${each}.url=${String(at(spec, `${each}.url`))}`,
            `--${each}.headers=${header(at(spec, `${each}.headers`))}`,
        ]),
        `--evaluationInterval=${String(spec.evaluationInterval)}`,
        ...Object.entries(texts(spec.externalLabels)).map(([key, value]) => `--external.label=${key}=${value}`),
        `--notifier.config=/etc/vm/notifier_config/${String(at(spec, "notifierConfigRef.key"))}`,
    ],
    volumes: (spec, called) => {
        const { name, key } = record(spec.notifierConfigRef);
        const items = [{ key, path: key }];
        return [
            fromSecret("config", called),
            emptyDir("rules-out"),
            fromSecret("tls-assets", `tls-assets-${called}`),
            { name: "vmalert-notifier-config", secret: { secretName: name, items } },
        ];
    },
    objects: (_owner, name) => [keysOnly("Secret", name, []), keysOnly("Secret", `tls-assets-${name}`, [])],
});

function modelled(kind: string, variant: Variant): Operator {
    return {
        kind: `operator.victoriametrics.com/${kind}`,
        operate: (owner) => {
            const { name } = owner.object.metadata;
            const spec = record(owner.object.spec);
            const called = spec.useLegacyNaming === true ? name : `${variant.name}-${name}`;
            const selector = {
                "app.kubernetes.io/name": variant.name,
                "app.kubernetes.io/instance": name,
                "app.kubernetes.io/component": "monitoring",
                "managed-by": "vm-operator",
            };
            const port = Number(spec.port);
            const disruption = record(spec.podDisruptionBudget);
            const stateful = spec.statefulMode === true;
            return {
                pods: podsFor(owner, workload(called, selector, spec, variant)),
                objects: beside(owner, [
                    service(
                        called,
                        selector,
                        [{ name: "http", port, targetPort: port, protocol: "TCP" }],
                        stateful ? { clusterIP: "None" } : {},
                        selector,
                    ),
                    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: called } },
                    ...(Object.keys(disruption).length > 0 ? [budget(called, selector, disruption)] : []),
                    ...variant.objects(owner, called),
                ]),
            };
        },
    };
}

function workload(
    name: string,
    selector: Record<string, string>,
    spec: Record<string, unknown>,
    variant: Variant,
): KubernetesObject {
    const stateful = spec.statefulMode === true;
    const claim = record(at(spec, "statefulStorage.volumeClaimTemplate"));
    return {
        apiVersion: "apps/v1",
        kind: stateful ? "StatefulSet" : "Deployment",
        metadata: { name },
        spec: {
            replicas: spec.replicaCount,
            ...(stateful
                ? { updateStrategy: { type: spec.statefulRollingUpdateStrategy ?? "OnDelete" } }
                : { strategy: { type: "RollingUpdate", rollingUpdate: spec.rollingUpdate } }),
            selector: { matchLabels: selector },
            template: {
                metadata: {
                    labels: { ...texts(at(spec, "podMetadata.labels")), ...selector },
                    annotations: texts(at(spec, "podMetadata.annotations")),
                },
                spec: podSpec(name, spec, variant),
            },
            ...(stateful && {
                volumeClaimTemplates: [{ ...claim, metadata: { name: "persistent-queue-data" } }],
            }),
        },
    };
}

/** Fields that go into the pod as they are. */
const AS_GIVEN = ["affinity", "imagePullSecrets", "nodeSelector", "tolerations", "topologySpreadConstraints"];

const USER = { runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534 };
const LOCKED = {
    ...{ privileged: false, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
    ...{ capabilities: { drop: ["ALL"] } },
    ...USER,
};

function podSpec(name: string, spec: Record<string, unknown>, variant: Variant): Record<string, unknown> {
    const strict = spec.useStrictSecurity === true;
    const securityContext = strict ? LOCKED : {};
    const probe = { httpGet: { path: "/health", port: Number(spec.port) } };
    const { repository, tag } = record(spec.image);
    // One that is given takes the place of what the operator would say.
    const own = record(spec.extraArgs);
    const said = variant.args(spec).filter((arg) => !((/^--([\w.]+)=/.exec(arg)?.[1] ?? "") in own));
    const reloader = { image: spec.configReloaderImage, resources: spec.configReloaderResources, securityContext };
    const reloaderProbe = { httpGet: { path: "/health", port: 8435 } };
    return {
        ...Object.fromEntries(AS_GIVEN.filter((key) => spec[key] !== undefined).map((key) => [key, spec[key]])),
        serviceAccountName: name,
        ...(spec.disableAutomountServiceAccountToken === true && { automountServiceAccountToken: false }),
        terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
        ...(strict && {
            securityContext: {
                ...{ ...USER, fsGroup: 65534, fsGroupChangePolicy: "OnRootMismatch" },
                seccompProfile: { type: "RuntimeDefault" },
            },
        }),
        initContainers: [{ name: "config-init", ...reloader }],
        containers: [
            {
                name: variant.name,
                image: `${String(repository)}:${String(tag)}`,
                args: [
                    ...said,
                    `--httpListenAddr=:${String(spec.port)}`,
                    ...Object.entries(texts(own)).map(([flag, value]) => `--${flag}=${value}`),
                ],
                ports: [{ name: "http", containerPort: Number(spec.port), protocol: "TCP" }],
                readinessProbe: probe,
                livenessProbe: probe,
                // Its default, where the grace leaves time for more.
                lifecycle: { preStop: { sleep: { seconds: 15 } } },
                resources: spec.resources,
                securityContext,
            },
            {
                name: "config-reloader",
                ...reloader,
                ports: [{ name: "reloader-http", containerPort: 8435, protocol: "TCP" }],
                readinessProbe: reloaderProbe,
                livenessProbe: reloaderProbe,
            },
        ],
        volumes: variant.volumes(spec, name),
    };
}

/** What vmagent discovers its targets by, and where its reloader reads what the operator writes for it. */
function access(name: string, namespace: string): KubernetesObject[] {
    const apiGroup = "rbac.authorization.k8s.io";
    const apiVersion = `${apiGroup}/v1`;
    const subjects = [{ kind: "ServiceAccount", name, namespace }];
    const read = ["get", "list", "watch"];
    const called = `monitoring:${namespace}:${name}`;
    const pair = (kind: "Role" | "ClusterRole", rules: unknown[]): KubernetesObject[] => [
        { apiVersion, kind, metadata: { name: called }, rules },
        {
            apiVersion,
            kind: `${kind}Binding`,
            metadata: { name: called },
            roleRef: { apiGroup, kind, name: called },
            subjects,
        },
    ];
    return [
        ...pair("ClusterRole", [
            { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: read },
            {
                apiGroups: [""],
                resources: ["nodes", "nodes/metrics", "services", "endpoints", "pods", "namespaces"],
                verbs: read,
            },
            { apiGroups: ["networking.k8s.io", "extensions"], resources: ["ingresses"], verbs: read },
            { nonResourceURLs: ["/metrics", "/metrics/resources", "/metrics/slis"], verbs: ["get"] },
        ]),
        ...pair("Role", [{ apiGroups: [""], resources: ["secrets"], resourceNames: [name], verbs: read }]),
    ];
}
