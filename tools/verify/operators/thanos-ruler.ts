import { at, record, records, strings } from "../../records";
import type { KubernetesObject, RenderedObject } from "../../render/manifests";
import { beside, keysOnly, podsFor, service, texts, type Operator } from "./operated";
import { LOCKED, portName, reloader } from "./prometheus-operator";

// Source, at v0.93: prometheus-operator, pkg/thanos/statefulset.go.

const NAME = "thanos-ruler";
const HTTP = 10902;
const GRPC = 10901;
const RESULTS = "remote-write.yaml";

export const thanosRuler: Operator = {
    kind: "monitoring.coreos.com/ThanosRuler",
    operate: (owner, all) => {
        const port = portName(owner);
        const prefix = `${NAME}-${owner.object.metadata.name}`;
        const operated = service(
            "thanos-ruler-operated",
            { "app.kubernetes.io/name": NAME },
            [
                { name: port, port: HTTP, targetPort: port, protocol: "TCP" },
                { name: "grpc", port: GRPC, targetPort: "grpc", protocol: "TCP" },
            ],
            { clusterIP: "None" },
            { "operated-thanos-ruler": "true" },
        );
        return {
            pods: podsFor(owner, statefulSet(owner, all)),
            objects: beside(owner, [
                operated,
                keysOnly("Secret", `${prefix}-config`, [RESULTS]),
                keysOnly("Secret", `${prefix}-web-config`, ["web-config.yaml"]),
                keysOnly("Secret", `${prefix}-tls-assets-0`, []),
            ]),
        };
    },
};

function statefulSet(owner: RenderedObject, all: readonly RenderedObject[]): KubernetesObject {
    const { name } = owner.object.metadata;
    const spec = record(owner.object.spec);
    const selector = {
        "app.kubernetes.io/name": NAME,
        "app.kubernetes.io/managed-by": "prometheus-operator",
        "app.kubernetes.io/instance": name,
        [NAME]: name,
    };
    return {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: { name: `${NAME}-${name}` },
        spec: {
            replicas: typeof spec.replicas === "number" ? spec.replicas : 1,
            updateStrategy: { type: "RollingUpdate" },
            selector: { matchLabels: selector },
            template: {
                metadata: {
                    labels: { ...texts(at(spec, "podMetadata.labels")), ...selector },
                    annotations: texts(at(spec, "podMetadata.annotations")),
                },
                spec: podSpec(owner, all),
            },
        },
    };
}

/** Fields that go into the pod as they are. */
const AS_GIVEN = [
    ...["affinity", "imagePullSecrets", "nodeSelector", "priorityClassName", "securityContext"],
    ...["serviceAccountName", "tolerations", "topologySpreadConstraints"],
];

function podSpec(owner: RenderedObject, all: readonly RenderedObject[]): Record<string, unknown> {
    const prefix = `${NAME}-${owner.object.metadata.name}`;
    const spec = record(owner.object.spec);
    const resources = record(spec.resources);
    const mounted = (name: string, { name: secretName, key }: Record<string, unknown>) => ({
        name,
        secret: { secretName, items: [{ key, path: key }] },
    });
    const alertmanagers = record(spec.alertmanagersConfig);
    return {
        ...Object.fromEntries(AS_GIVEN.filter((key) => spec[key] !== undefined).map((key) => [key, spec[key]])),
        terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 120,
        containers: [
            {
                name: NAME,
                image: spec.image,
                args: ["rule", ...args(spec)],
                ports: [
                    { name: "grpc", containerPort: GRPC, protocol: "TCP" },
                    { name: portName(owner), containerPort: HTTP, protocol: "TCP" },
                ],
                resources: { ...resources, requests: { memory: "200Mi", ...record(resources.requests) } },
                securityContext: LOCKED,
            },
            // Once there are rules.
            reloader("config-reloader", { name: "reloader-web", containerPort: 8080 }, all),
            ...records(spec.containers).filter((each) => each.name !== NAME && each.name !== "config-reloader"),
        ],
        volumes: [
            mounted("remote-write-config", { name: `${prefix}-config`, key: RESULTS }),
            ...(alertmanagers.name === undefined ? [] : [mounted("alertmanager-config", alertmanagers)]),
            { name: "web-config", secret: { secretName: `${prefix}-web-config` } },
            { name: `${prefix}-data`, emptyDir: {} },
            ...records(spec.volumes),
        ],
    };
}

/** Those that follow from what the platform says. */
function args(spec: Record<string, unknown>): string[] {
    return [
        `--eval-interval=${String(spec.evaluationInterval)}`,
        ...Object.entries(texts(spec.labels)).map(([key, value]) => `--label=${key}="${value}"`),
        ...strings(spec.queryEndpoints).map((url) => `--query=${url}`),
        ...records(spec.additionalArgs).map(({ name, value }) => `--${String(name)}=${String(value)}`),
    ];
}
