import { byteCount } from "../../settings/units";
import { restrictedContainer } from "../../kubernetes/pod-security";
import { resources, type Resources } from "../../kubernetes/resources";
import { cortexChart } from "./chart";
import { CACHES, NAMESPACE, RELEASE } from "./names";
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

/** Seconds. Whoever has no cache by then starts, and says itself what it lacks. */
const PATIENCE = 120;

/**
 * Readers of blocks wait until each of their caches has a name, which it has with its first ready pod: Cortex 1.21 ends at its
 * start with `no server address resolved` where one has none, as on a cluster's first day and after its last node was away.
 */
export function afterCaches({ settings, platform: { imageRegistry } }: CortexValuesArgs) {
    if (!settings.caches.enabled) return {};
    const names = [CACHES.index, CACHES.chunks, CACHES.metadata].map(
        (cache) => `${RELEASE}-${cache}.${NAMESPACE}.svc.cluster.local`,
    );
    const script = [
        `left=${PATIENCE}`,
        `for name in ${names.join(" ")}; do`,
        `  until getent hosts $name || [ $left -le 0 ]; do left=$((left - 1)); sleep 1; done`,
        "done",
    ].join("\n");
    const wait = {
        name: "caches",
        image: `${imageRegistry ?? "quay.io"}/cortexproject/cortex:${cortexChart.appVersion}`,
        command: ["sh", "-c", script],
        resources: resources("10m", "16Mi", "32Mi"),
        securityContext: restrictedContainer(),
    };
    return { initContainers: [wait] };
}
