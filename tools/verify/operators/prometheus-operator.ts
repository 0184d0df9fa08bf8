import { at, record, records, strings } from "../../records";
import type { KubernetesObject, RenderedObject } from "../../render/manifests";
import { beside, keysOnly, podsFor, service, texts, type Operator } from "./operated";

// Sources, at v0.93: prometheus-operator, pkg/prometheus/server/statefulset.go, pkg/prometheus/common.go,
// pkg/alertmanager/statefulset.go, pkg/operator/config_reloader.go.

/** Where the two resources differ. */
interface Variant {
    /** Prefix of everything it makes, and name of the container. */
    readonly name: "prometheus" | "alertmanager";
    readonly port: number;
    readonly labels: Readonly<Record<string, string>>;
    readonly morePorts: readonly Record<string, unknown>[];
    /** Secret with the configuration that it generates. */
    readonly configSecret: string;
    readonly configKey: string;
    readonly defaultPortName: string;
    /** Seconds. */
    readonly defaultGrace: number;
    readonly defaultRequests: Readonly<Record<string, unknown>>;
}

const MESH = [
    { name: "mesh-tcp", containerPort: 9094, protocol: "TCP" },
    { name: "mesh-udp", containerPort: 9094, protocol: "UDP" },
];

export const prometheus: Operator = {
    kind: "monitoring.coreos.com/Prometheus",
    operate: (owner, all) => {
        const { name } = owner.object.metadata;
        const port = portName(owner);
        const variant: Variant = {
            name: "prometheus",
            port: 9090,
            labels: {
                prometheus: name,
                "operator.prometheus.io/name": name,
                // One StatefulSet a shard; a second shard is refused by the settings.
                "operator.prometheus.io/shard": "0",
            },
            morePorts: [],
            configSecret: `prometheus-${name}`,
            configKey: "prometheus.yaml.gz",
            defaultPortName: "web",
            defaultGrace: 600,
            defaultRequests: {},
        };
        const operated = service(
            "prometheus-operated",
            { "app.kubernetes.io/name": "prometheus" },
            [{ name: port, port: 9090, targetPort: port }],
            { clusterIP: "None" },
            { "operated-prometheus": "true" },
        );
        return {
            pods: podsFor(owner, statefulSet(owner, variant, all)),
            objects: beside(owner, [operated, ...generated(owner, variant)]),
        };
    },
};

export const alertmanager: Operator = {
    kind: "monitoring.coreos.com/Alertmanager",
    operate: (owner, all) => {
        const { name } = owner.object.metadata;
        const port = portName(owner);
        const variant: Variant = {
            name: "alertmanager",
            port: 9093,
            labels: { alertmanager: name },
            morePorts: MESH,
            configSecret: `alertmanager-${name}-generated`,
            configKey: "alertmanager.yaml.gz",
            defaultPortName: "web",
            defaultGrace: 120,
            defaultRequests: { memory: "200Mi" },
        };
        const operated = service(
            "alertmanager-operated",
            { "app.kubernetes.io/name": "alertmanager" },
            [
                { name: port, port: 9093, targetPort: port, protocol: "TCP" },
                { name: "tcp-mesh", port: 9094, targetPort: "mesh-tcp", protocol: "TCP" },
                { name: "udp-mesh", port: 9094, targetPort: "mesh-udp", protocol: "UDP" },
            ],
            { clusterIP: "None", publishNotReadyAddresses: true },
            { "operated-alertmanager": "true" },
        );
        return {
            pods: podsFor(owner, statefulSet(owner, variant, all)),
            objects: beside(owner, [operated, ...generated(owner, variant)]),
        };
    },
};

export function portName({ object }: RenderedObject): string {
    const { portName: given } = record(object.spec);
    return typeof given === "string" && given !== "" ? given : "web";
}

/** Secrets that it writes before the pods start. */
function generated({ object }: RenderedObject, { name, configSecret, configKey }: Variant): KubernetesObject[] {
    const prefix = `${name}-${object.metadata.name}`;
    return [
        keysOnly("Secret", configSecret, [configKey]),
        keysOnly("Secret", `${prefix}-web-config`, ["web-config.yaml"]),
        keysOnly("Secret", `${prefix}-tls-assets-0`, []),
    ];
}

function statefulSet(owner: RenderedObject, variant: Variant, all: readonly RenderedObject[]): KubernetesObject {
    const { metadata } = owner.object;
    const spec = record(owner.object.spec);
    const prefix = `${variant.name}-${metadata.name}`;
    const claim = record(record(spec.storage).volumeClaimTemplate);
    const selector = {
        "app.kubernetes.io/name": variant.name,
        "app.kubernetes.io/managed-by": "prometheus-operator",
        "app.kubernetes.io/instance": metadata.name,
        ...variant.labels,
    };
    return {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name: prefix },
        spec: {
            replicas: typeof spec.replicas === "number" ? spec.replicas : 1,
            updateStrategy: record(spec.updateStrategy).type === undefined ? ROLLING : spec.updateStrategy,
            selector: { matchLabels: selector },
            template: {
                metadata: {
                    labels: { ...texts(at(spec, "podMetadata.labels")), ...selector },
                    annotations: texts(at(spec, "podMetadata.annotations")),
                },
                spec: podSpec(owner, variant, all),
            },
            ...(Object.keys(claim).length > 0 && {
                volumeClaimTemplates: [{ metadata: { name: `${prefix}-db` }, ...claim }],
            }),
        },
    };
}

const ROLLING = { type: "RollingUpdate" };

/** Fields that go into the pod as they are. */
const AS_GIVEN = [
    ...["affinity", "automountServiceAccountToken", "hostNetwork", "imagePullSecrets", "nodeSelector"],
    ...["priorityClassName", "securityContext", "serviceAccountName", "tolerations", "topologySpreadConstraints"],
];

export const LOCKED = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
};

function podSpec(owner: RenderedObject, variant: Variant, all: readonly RenderedObject[]): Record<string, unknown> {
    const { name } = owner.object.metadata;
    const spec = record(owner.object.spec);
    const resources = record(spec.resources);
    const probe = (path: string) => ({ httpGet: { path, port: portName(owner) } });
    const main = {
        name: variant.name,
        image: spec.image,
        ports: [{ name: portName(owner), containerPort: variant.port, protocol: "TCP" }, ...variant.morePorts],
        resources: { ...resources, requests: { ...variant.defaultRequests, ...record(resources.requests) } },
        readinessProbe: probe("/-/ready"),
        livenessProbe: probe("/-/healthy"),
        securityContext: LOCKED,
    };
    const mounted = (kind: "secret" | "configmap", names: unknown) =>
        strings(names).map((each) => ({
            name: `${kind}-${each}`,
            ...(kind === "secret" ? { secret: { secretName: each } } : { configMap: { name: each } }),
        }));
    return {
        ...Object.fromEntries(AS_GIVEN.filter((key) => spec[key] !== undefined).map((key) => [key, spec[key]])),
        terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? variant.defaultGrace,
        initContainers: [reloader("init-config-reloader", { name: "reloader-init", containerPort: 8081 }, all)],
        containers: [
            main,
            reloader("config-reloader", { name: "reloader-web", containerPort: 8080 }, all),
            ...sidecar(record(spec.thanos), spec, all),
            ...records(spec.containers).filter(({ name: given }) => !OWN.includes(String(given))),
        ],
        volumes: [
            { name: "config", secret: { secretName: variant.configSecret } },
            { name: "web-config", secret: { secretName: `${variant.name}-${name}-web-config` } },
            { name: "config-out", emptyDir: { medium: "Memory" } },
            ...mounted("secret", spec.secrets),
            ...mounted("configmap", spec.configMaps),
            ...records(spec.volumes),
        ],
    };
}

const SIDECAR = "thanos-sidecar";
/** Containers that it makes, into which those of the same name are merged. */
const OWN = ["prometheus", "alertmanager", "config-reloader", SIDECAR];

/** What brings Prometheus' blocks into a bucket; its image too is a flag of the operator. */
function sidecar(
    thanos: Record<string, unknown>,
    spec: Record<string, unknown>,
    all: readonly RenderedObject[],
): Record<string, unknown>[] {
    if (Object.keys(thanos).length === 0) return [];
    const merged = records(spec.containers).find(({ name }) => name === SIDECAR) ?? {};
    const key = record(thanos.objectStorageConfig);
    const bucket = { name: "OBJSTORE_CONFIG", valueFrom: { secretKeyRef: { name: key.name, key: key.key } } };
    return [
        {
            name: SIDECAR,
            image: thanos.image ?? flagsOf(all).get("thanos-default-base-image"),
            args: ["sidecar", "--objstore.config=$(OBJSTORE_CONFIG)"],
            ports: [
                { name: "http", containerPort: 10902, protocol: "TCP" },
                { name: "grpc", containerPort: 10901, protocol: "TCP" },
            ],
            resources: record(thanos.resources),
            securityContext: LOCKED,
            ...merged,
            env: [bucket, ...records(merged.env)],
        },
    ];
}

/** The container that reloads, whose image and resources are flags of the operator. */
export function reloader(
    name: string,
    port: Record<string, unknown>,
    all: readonly RenderedObject[],
): Record<string, unknown> {
    const flags = flagsOf(all);
    const quantities = (what: string) =>
        Object.fromEntries(
            ["cpu", "memory"].flatMap((unit) => {
                const value = flags.get(`config-reloader-${unit}-${what}`);
                // Zero means none: pkg/operator/config.go.
                return value === undefined || value === "0" ? [] : [[unit, value]];
            }),
        );
    const probe = { httpGet: { path: "/healthz", port: port.containerPort } };
    const probed = !name.startsWith("init") && flags.get("enable-config-reloader-probes") === "true";
    return {
        name,
        image: flags.get("prometheus-config-reloader"),
        ports: [{ ...port, protocol: "TCP" }],
        resources: { requests: quantities("request"), limits: quantities("limit") },
        ...(probed && { readinessProbe: probe, livenessProbe: probe }),
        securityContext: LOCKED,
    };
}

function flagsOf(all: readonly RenderedObject[]): Map<string, string> {
    const args = all
        .filter(({ object }) => object.kind === "Deployment")
        .flatMap(({ object }) => records(at(object, "spec.template.spec.containers")))
        .map((container) => strings(container.args))
        .find((each) => each.some((arg) => arg.startsWith("--prometheus-config-reloader=")));
    return new Map(
        (args ?? []).map((arg) => {
            const [key = "", value = ""] = arg.replace(/^--/, "").split(/=(.*)/s);
            return [key, value];
        }),
    );
}
