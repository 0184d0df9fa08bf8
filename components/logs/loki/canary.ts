import { hostAntiAffinity, type Labels, type Survives } from "../../kubernetes/placement";
import { resources } from "../../kubernetes/resources";
import type { PlatformSettings } from "../../settings/platform";
import { CANARY_TARGET, CANARY_TENANT } from "./names";
import { DRAINABLE } from "./pods";
import type { LokiSettings } from "./settings";
import type { ChartValues } from "./values.gen";
import { lokiReplicated } from "./workloads";

/** Writes lines through the gateway and reads them back: the alerts on what it misses cover the whole path. */
export function canary(settings: LokiSettings, platform: PlatformSettings): NonNullable<ChartValues["lokiCanary"]> {
    const { survives, scheduling } = platform;
    return {
        kind: "Deployment",
        replicas: settings.replicas.canary,
        affinity: { ...canaryAffinity(lokiReplicated.canary.labels, survives) },
        podDisruptionBudget: DRAINABLE,
        resources: resources("10m", "32Mi", "128Mi"),
        lokiurl: CANARY_TARGET,
        tenant: { name: CANARY_TENANT },
        nodeSelector: scheduling.nodeSelector,
        tolerations: scheduling.tolerations,
    };
}

/** The chart gives the canary no topology spread, so that zones are a preference among affinities. */
function canaryAffinity(labels: Labels, survives: Survives) {
    const hosts = hostAntiAffinity(labels, survives);
    if (hosts === undefined || survives !== "zone") return hosts;
    return {
        podAntiAffinity: {
            ...hosts.podAntiAffinity,
            preferredDuringSchedulingIgnoredDuringExecution: [
                {
                    weight: 100,
                    podAffinityTerm: {
                        topologyKey: "topology.kubernetes.io/zone",
                        labelSelector: { matchLabels: { ...labels } },
                    },
                },
            ],
        },
    };
}
