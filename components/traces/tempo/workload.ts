import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import type { Resources } from "../../kubernetes/resources";
import { podLabels, type Component } from "./names";

export interface Workload {
    readonly component: Component;
    readonly replicas: number;
    readonly resources: Resources;
    /** `quorum` for pods with a volume, which cannot leave their zone. */
    readonly spread: "quorum" | "stateless";
}

/** What every component of the distributed chart takes. */
export function workload({ component, replicas, resources, spread }: Workload, platform: PlatformSettings) {
    const labels = podLabels(component);
    return {
        replicas,
        resources,
        nodeSelector: platform.scheduling.nodeSelector,
        tolerations: platform.scheduling.tolerations,
        affinity: template(hostAntiAffinity(labels, platform.survives)),
        topologySpreadConstraints: template(zoneSpread(labels, platform.survives, spread)),
        // Of ingesters the chart would let all go that three copies seem to spare: two at once of five are a quorum lost.
        maxUnavailable: 1,
        // A pod that is not ready holds nothing up: without this a broken one stops the drain of its node.
        podDisruptionBudget: { enabled: true, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    };
}

/** The chart takes placement as the text of a template. JSON is YAML; nothing at all takes the chart's default away. */
function template(value: object | undefined): string {
    return value === undefined ? "" : JSON.stringify(value);
}
