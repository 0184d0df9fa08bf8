import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import { restrictedContainer, restrictedPod } from "../../kubernetes/pod-security";
import { resources, type Resources } from "../../kubernetes/resources";
import type { VmValuesArgs } from "./values-args";
import { vmReplicated } from "./workloads";

export type Workload = keyof typeof vmReplicated;

/** nobody: the images name no user. */
const USER = 65534;

export const podSecurity = { podSecurityContext: { enabled: true, ...restrictedPod(USER) } };
export const containerSecurity = { securityContext: { enabled: true, ...restrictedContainer() } };

/** Requests still come for some seconds after a pod was told to stop: vmauth looks its targets up every ten. */
export const drained = { lifecycle: { preStop: { sleep: { seconds: 15 } } } };

const SIZES: Readonly<Record<Workload, { readonly full: Resources; readonly grace: number }>> = {
    // It takes vminsert's connections away one by one, and writes out what only memory holds.
    vmstorage: { full: resources("1", "4Gi", "8Gi"), grace: 180 },
    vminsert: { full: resources("500m", "512Mi", "2Gi"), grace: 60 },
    vmselect: { full: resources("500m", "1Gi", "4Gi"), grace: 60 },
    vmauth: { full: resources("100m", "64Mi", "256Mi"), grace: 60 },
};

/** The targets are ServiceMonitors': annotations would have other scrapers find them once more. */
export const unannotated = { "prometheus.io/scrape": "false" };

/** Several replicas may have no host to spare for one more. A single one is replaced after the new one is ready. */
export function rolling(replicas: number) {
    const rollingUpdate = replicas === 1 ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: 1 };
    return { type: "RollingUpdate", rollingUpdate };
}

/** What each workload of the chart of services has: replicas and where they stand, budget, resources, security. */
export function workload(name: Workload, { platform, settings }: VmValuesArgs) {
    const { full, grace } = SIZES[name];
    const alike = vmReplicated[name];
    const affinity = hostAntiAffinity(alike.labels, platform.survives);
    // While a Deployment rolls, pods of the old version would count against those of the new.
    const perVersion = name === "vmstorage" ? {} : { matchLabelKeys: ["pod-template-hash"] };
    const zones = zoneSpread(alike, platform.survives)?.map((zone) => ({ ...zone, ...perVersion }));
    return {
        enabled: true,
        fullnameOverride: name,
        replicaCount: settings.replicas[name],
        ...(affinity && { affinity }),
        ...(zones && { topologySpreadConstraints: zones }),
        ...platform.scheduling,
        podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
        terminationGracePeriodSeconds: grace,
        resources: full,
        podAnnotations: unannotated,
        ...podSecurity,
        ...containerSecurity,
        ...(name !== "vmstorage" && drained),
    };
}
