import { GIB, type Room } from "./figure";

/** Series that the figures are for, at a usual load of queries. */
const SERIES = 10e6;
/** All servers together: three of 1, 2 and 8 GiB. Those of index and samples are the chart's defaults. */
const TOGETHER = { results: 3 * GIB, index: 6 * GIB, chunks: 24 * GIB };
const SOURCE = "https://github.com/grafana/mimir/blob/main/operations/helm/charts/mimir-distributed/large.yaml";

/**
 * Memory of the caches before a bucket of blocks, by the settings `metrics.caches`. What is queried decides, and nobody knows
 * that beforehand: the figure is where Mimir begins, and the hit ratio tells the rest.
 * @param series that blocks tell apart.
 */
export function cacheSizes(
    series: number,
    { enabled, replicas }: { readonly enabled: boolean; readonly replicas: number },
): Room[] {
    if (!enabled) return [];
    return Object.entries(TOGETHER).map(([use, bytes]) => ({
        setting: `metrics.caches.${use}`,
        bytes: (bytes * series) / SERIES / replicas,
        formula: `${bytes / GIB} GiB of all servers for 10 million series, shared out among ${replicas}`,
        source: SOURCE,
    }));
}
