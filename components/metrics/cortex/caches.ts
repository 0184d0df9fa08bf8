import { byteCount } from "../../settings/units";
import { resources, type Resources } from "../../kubernetes/resources";
import { CACHES } from "./names";
import type { ChartValues } from "./values.gen";
import type { CortexValuesArgs } from "./values-args";
import { placement } from "./workload";
import { cortexCaches } from "./workloads";

type CacheUse = keyof typeof CACHES;

/** The four memcached; the chart writes their addresses into Cortex' arguments. */
export function cacheValues(args: CortexValuesArgs): Pick<ChartValues, (typeof CACHES)[CacheUse]> {
    const uses = Object.keys(CACHES) as CacheUse[];
    return Object.fromEntries(uses.map((use) => [CACHES[use], cache(use, args)]));
}

function cache(use: CacheUse, args: CortexValuesArgs) {
    const { enabled, replicas, [use]: memory } = args.settings.caches;
    if (!enabled) return { enabled };
    const mebibytes = byteCount(memory) / 1024 ** 2;
    return {
        enabled,
        architecture: replicas > 1 ? "high-availability" : "standalone",
        replicaCount: replicas,
        args: ["-m", String(mebibytes), "-I", "2m"],
        pdb: { create: replicas > 1, maxUnavailable: 1 },
        ...placement(cortexCaches[use], args, "StatefulSet"),
        ...args.platform.scheduling,
        resources: cacheResources(mebibytes),
        containerSecurityContext: { readOnlyRootFilesystem: true },
        // The chart's own policy would let every namespace in.
        networkPolicy: { enabled: false },
        metrics: {
            enabled: true,
            podAnnotations: { "prometheus.io/scrape": "false" },
            serviceMonitor: { enabled: true },
            resources: resources("10m", "32Mi", "64Mi"),
        },
    };
}

/** Memcached's own memory holds the values only: connections and hash table come on top. */
function cacheResources(mebibytes: number): Resources {
    return resources("50m", `${Math.ceil(mebibytes * 1.125)}Mi`, `${Math.ceil(mebibytes * 1.25) + 128}Mi`);
}
