import { stringify } from "yaml";

/** Parts of a workload that tests change. */
export interface Changes {
    readonly kind?: string;
    readonly name?: string;
    readonly replicas?: number;
    readonly labels?: Record<string, string>;
    readonly strategy?: Record<string, unknown>;
    readonly claims?: boolean;
    readonly pod?: Record<string, unknown>;
    readonly container?: Record<string, unknown>;
    readonly annotations?: Record<string, string>;
}

export const LABELS: Readonly<Record<string, string>> = { app: "a" };

/** Required anti-affinity with these labels. */
export const hosts = (labels: Record<string, string>, key = "kubernetes.io/hostname") => ({
    podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: key, labelSelector: { matchLabels: labels } }],
    },
});

export const zones = (labels: Record<string, string>, more: Record<string, unknown> = {}) => [
    {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: labels },
        ...more,
    },
];

export const STRICT = { whenUnsatisfiable: "DoNotSchedule", nodeTaintsPolicy: "Honor" };

/** A workload that no check of high availability finds fault with, but for what is changed. */
export function workload(changes: Changes = {}): string {
    const { kind = "Deployment", name = "a", replicas = 2, labels = LABELS, claims = false } = changes;
    const rolling = { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    const claim = { metadata: { name: "data" }, spec: { resources: { requests: { storage: "10Gi" } } } };
    return document({
        apiVersion: "apps/v1",
        kind,
        metadata: { name, ...(changes.annotations && { annotations: changes.annotations }) },
        spec: {
            replicas,
            selector: { matchLabels: labels },
            [kind === "Deployment" ? "strategy" : "updateStrategy"]:
                changes.strategy ?? (kind === "Deployment" ? rolling : {}),
            template: {
                metadata: { labels },
                spec: {
                    affinity: hosts(labels),
                    topologySpreadConstraints: zones(labels, claims ? STRICT : {}),
                    containers: [
                        {
                            name: "main",
                            image: "registry.example.com/a:1.0.0",
                            resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "128Mi" } },
                            readinessProbe: { httpGet: { path: "/", port: 80 } },
                            ...changes.container,
                        },
                    ],
                    ...changes.pod,
                },
            },
            ...(claims && { volumeClaimTemplates: [claim] }),
        },
    });
}

export function budget(spec: Record<string, unknown> = { maxUnavailable: 1 }, labels = LABELS, name = "a"): string {
    return document({
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name },
        spec: { selector: { matchLabels: labels }, ...spec },
    });
}

export function document(object: Record<string, unknown>): string {
    return `---\n${stringify(object)}`;
}
