import type { PlatformSettings } from "../../settings/platform";
import { EXPORTER, replicated } from "./pods";
import type { LokiSettings } from "./settings";
import type { ChartValues } from "./values.gen";
import { lokiReplicated } from "./workloads";

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
