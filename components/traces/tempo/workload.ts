import { hostAntiAffinity, zoneSpread } from "../../kubernetes/placement";
import type { Resources } from "../../kubernetes/resources";
import type { TempoValuesArgs } from "./config";
import type { TempoSettings } from "./settings";
import { tempoReplicated } from "./workloads";

/** What every component of the distributed chart takes. */
export function workload(
    name: keyof TempoSettings["replicas"],
    resources: Resources,
    { platform, settings }: Pick<TempoValuesArgs, "platform" | "settings">,
) {
    const alike = tempoReplicated[name];
    return {
        replicas: settings.replicas[name],
        resources,
        nodeSelector: platform.scheduling.nodeSelector,
        tolerations: platform.scheduling.tolerations,
        affinity: template(hostAntiAffinity(alike.labels, platform.survives)),
        topologySpreadConstraints: template(zoneSpread(alike, platform.survives)),
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
