import { hostAntiAffinity, type Labels, type Survives } from "../../kubernetes/placement";
import type { PlatformSettings } from "../../settings/platform";
import { resources } from "../../kubernetes/resources";
import { CALLS_MAP, REFUSE } from "./gateway-calls";
import { CANARY_TENANT } from "./names";
import { DRAINABLE, replicated } from "./pods";
import type { LokiSettings } from "./settings";
import type { ChartValues } from "./values.gen";
import { lokiReplicated } from "./workloads";

const EXPORTER = resources("10m", "32Mi", "64Mi");

/** The address that pushes and queries go to. */
export function gateway(settings: LokiSettings, platform: PlatformSettings): NonNullable<ChartValues["gateway"]> {
    return {
        ...replicated(lokiReplicated.gateway, settings.replicas.gateway, platform.survives),
        resources: resources("50m", "64Mi", "128Mi"),
        metrics: { resources: EXPORTER },
        // Hosts apart and no host to spare: a pod more would wait for ever.
        deploymentStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        // Endpoints forget it before nginx stops.
        lifecycle: { preStop: { sleep: { seconds: 10 } } },
        nginxConfig: {
            // OTLP batches are larger than the default of 4M.
            clientMaxBodySize: "16M",
            // Listening on [::] fails on hosts without IPv6.
            enableIPv6: false,
            httpSnippet: CALLS_MAP,
            serverSnippet: REFUSE,
        },
        // A line for each push would be collected and pushed again.
        verboseLogging: false,
    };
}

/** Writes lines through the gateway and reads them back: the alerts on what it misses cover the whole path. */
export function canary(settings: LokiSettings, platform: PlatformSettings): NonNullable<ChartValues["lokiCanary"]> {
    const { survives, scheduling } = platform;
    return {
        kind: "Deployment",
        replicas: settings.replicas.canary,
        affinity: { ...canaryAffinity(lokiReplicated.canary.labels, survives) },
        podDisruptionBudget: DRAINABLE,
        resources: resources("10m", "32Mi", "128Mi"),
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

/** Caches; what they lose is read from the object store again. */
export function caches(
    settings: LokiSettings,
    platform: PlatformSettings,
): Pick<ChartValues, "chunksCache" | "resultsCache" | "memcachedExporter"> {
    const { replicas, caches: megabytes } = settings;
    const cache = (name: "chunksCache" | "resultsCache", size: number, cpu: string) =>
        size === 0
            ? { enabled: false }
            : {
                  ...replicated(lokiReplicated[name], replicas[name], platform.survives),
                  allocatedCPU: cpu,
                  // The pod asks for 1.2 times this, and is limited to it.
                  allocatedMemory: size,
                  nodeSelector: platform.scheduling.nodeSelector,
                  tolerations: platform.scheduling.tolerations,
              };
    return {
        chunksCache: cache("chunksCache", megabytes.chunksMb, "100m"),
        resultsCache: cache("resultsCache", megabytes.resultsMb, "50m"),
        memcachedExporter: { resources: EXPORTER },
    };
}
