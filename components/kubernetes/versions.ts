/** Versions of Kubernetes that the platform runs on; the last stands for all that are newer. */
export const KUBERNETES_VERSIONS = ["1.30", "1.31", "1.32", "1.33", "1.34", "1.35"] as const;
export type KubernetesVersion = (typeof KUBERNETES_VERSIONS)[number];

/** What the platform uses where there is it, and the first version with it in every cluster, without a feature gate. */
export const SINCE = {
    /** Pods carry their node's labels of zone and region: https://kep.k8s.io/4742. */
    zoneLabelOnPods: "1.35",
} as const satisfies Readonly<Record<string, KubernetesVersion>>;

export function has(version: KubernetesVersion, feature: keyof typeof SINCE): boolean {
    return KUBERNETES_VERSIONS.indexOf(version) >= KUBERNETES_VERSIONS.indexOf(SINCE[feature]);
}
