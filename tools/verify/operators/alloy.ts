import { at, record, records, strings } from "../../records";
import type { KubernetesObject } from "../../render/manifests";
import { access, configuration, disruption, network, type Collector } from "./alloy-around";
import { mergeValues } from "../program";
import { beside, podsFor, texts, type Operator } from "./operated";

// Source: the Alloy chart 1.11.1 (grafana/alloy, operations/helm/charts/alloy), which the alloy-operator 1.11 holds and
// renders with the resource's spec as values, as a Helm release of the resource's own name.

/** The chart's defaults, as far as the model reads them. */
const DEFAULTS = {
    global: { image: {}, podSecurityContext: {} },
    alloy: {
        configMap: {},
        clustering: { enabled: false, portName: "http" },
        enableHttpServerPort: true,
        listenPort: 12345,
        extraPorts: [],
        mounts: { varlog: false, dockercontainers: false, extra: [] },
        resources: {},
        securityContext: {},
    },
    image: { registry: "docker.io", repository: "grafana/alloy", tag: "v1.18.1" },
    rbac: { create: true, namespaces: [], rules: [], clusterRules: [] },
    serviceAccount: { create: true, automountServiceAccountToken: true },
    configReloader: {
        enabled: true,
        image: {
            registry: "quay.io",
            repository: "prometheus-operator/prometheus-config-reloader",
            tag: "v0.91.0@sha256:7d9e4eea5f1139e602508871f422b0116c60e87c662f3dcd234d5ab60cd0d8c1",
        },
        resources: { requests: { cpu: "10m", memory: "50Mi" } },
    },
    controller: {
        type: "daemonset",
        replicas: 1,
        updateStrategy: {},
        volumes: { extra: [] },
        volumeClaimTemplates: [],
    },
    service: { enabled: true },
    serviceMonitor: { enabled: false },
};

export const alloy: Operator = {
    kind: "collectors.grafana.com/Alloy",
    operate: (owner) => {
        const values = mergeValues(DEFAULTS, record(owner.object.spec));
        const collector = {
            owner,
            values,
            name: fullName(owner.object, values),
            selector: selector(owner.object, values),
        };
        return {
            pods: podsFor(owner, workload(collector)),
            objects: beside(owner, [
                ...configuration(collector),
                ...network(collector),
                ...disruption(collector),
                ...access(collector),
            ]),
        };
    },
};

function chartName(values: Record<string, unknown>): string {
    return typeof values.nameOverride === "string" ? values.nameOverride : "alloy";
}

function fullName({ metadata }: KubernetesObject, values: Record<string, unknown>): string {
    if (typeof values.fullnameOverride === "string") return values.fullnameOverride;
    const name = chartName(values);
    return metadata.name.includes(name) ? metadata.name : `${metadata.name}-${name}`;
}

function selector({ metadata }: KubernetesObject, values: Record<string, unknown>): Record<string, string> {
    return { "app.kubernetes.io/name": chartName(values), "app.kubernetes.io/instance": metadata.name };
}

const KINDS = { deployment: "Deployment", statefulset: "StatefulSet", daemonset: "DaemonSet" } as const;

function workload({ values, name, selector: own }: Collector): KubernetesObject {
    const controller = record(values.controller);
    const kind = KINDS[controller.type as keyof typeof KINDS];
    return {
        apiVersion: "apps/v1",
        kind,
        metadata: { name },
        spec: {
            ...(kind !== "DaemonSet" && { replicas: controller.replicas }),
            [kind === "Deployment" ? "strategy" : "updateStrategy"]: controller.updateStrategy,
            selector: { matchLabels: own },
            template: {
                metadata: {
                    labels: { ...own, ...texts(controller.podLabels) },
                    annotations: texts(controller.podAnnotations),
                },
                spec: podSpec(values, name),
            },
            ...(kind === "StatefulSet" && { volumeClaimTemplates: controller.volumeClaimTemplates }),
        },
    };
}

/** Fields that go into the pod as they are. */
const AS_GIVEN = [
    ...["affinity", "hostNetwork", "hostPID", "initContainers", "nodeSelector", "priorityClassName"],
    ...["terminationGracePeriodSeconds", "tolerations", "topologySpreadConstraints"],
];

function podSpec(values: Record<string, unknown>, name: string): Record<string, unknown> {
    const controller = record(values.controller);
    const agent = record(values.alloy);
    const host = (volume: string, path: string) => ({ name: volume, hostPath: { path } });
    return {
        ...Object.fromEntries(
            AS_GIVEN.filter((key) => controller[key] !== undefined).map((key) => [key, controller[key]]),
        ),
        securityContext: at(values, "global.podSecurityContext"),
        imagePullSecrets: at(values, "global.image.pullSecrets") ?? at(values, "image.pullSecrets"),
        serviceAccountName: at(values, "serviceAccount.name") ?? name,
        containers: [
            container(values),
            ...(at(values, "configReloader.enabled") === true ? [reloader(values)] : []),
            ...records(controller.extraContainers),
        ],
        volumes: [
            { name: "config", configMap: { name: at(agent, "configMap.name") ?? name } },
            ...(at(agent, "mounts.varlog") === true ? [host("varlog", "/var/log")] : []),
            ...(at(agent, "mounts.dockercontainers") === true
                ? [host("dockercontainers", "/var/lib/docker/containers")]
                : []),
            ...records(at(controller, "volumes.extra")),
        ],
    };
}

function container(values: Record<string, unknown>): Record<string, unknown> {
    const agent = record(values.alloy);
    const port = { containerPort: agent.listenPort, name: "http-metrics", protocol: "TCP" };
    return {
        name: "alloy",
        image: image(values, "image"),
        args: strings(agent.extraArgs),
        env: agent.extraEnv,
        envFrom: agent.envFrom,
        ports: [
            ...(agent.enableHttpServerPort === true ? [port] : []),
            ...records(agent.extraPorts).map((each) => ({
                name: each.name,
                containerPort: each.targetPort,
                protocol: each.protocol ?? "TCP",
                ...(each.hostPort !== undefined && { hostPort: each.hostPort }),
            })),
        ],
        ...(agent.enableHttpServerPort === true && {
            readinessProbe: { httpGet: { path: "/-/ready", port: agent.listenPort } },
        }),
        resources: agent.resources,
        lifecycle: agent.lifecycle,
        securityContext: agent.securityContext,
        volumeMounts: [{ name: "config", mountPath: "/etc/alloy" }, ...records(at(agent, "mounts.extra"))],
    };
}

function reloader(values: Record<string, unknown>): Record<string, unknown> {
    const { resources, securityContext } = record(values.configReloader);
    return { name: "config-reloader", image: image(values, "configReloader.image"), resources, securityContext };
}

function image(values: Record<string, unknown>, path: string): string {
    const { registry, repository, tag, digest } = record(at(values, path));
    const from = at(values, "global.image.registry");
    const host = typeof from === "string" && from !== "" ? from : String(registry);
    const id = typeof digest === "string" && digest !== "" ? `@${digest}` : `:${String(tag)}`;
    return `${host}/${String(repository)}${id}`;
}
