import { SINCE } from "../../kubernetes/versions";
import { fewest } from "../../settings/replicas";
import type { Around } from "../../settings/slice";
import { cacheSizes } from "../../sizing/caches";
import { GB, HEADROOM, of, pods, volume, type Figure, type Needs } from "../../sizing/figure";
import { headBytes, headCores, MIMIR, PROMETHEUS, SAMPLE } from "../../sizing/head";
import type { Load } from "../../sizing/load";
import type { CortexSettings } from "./settings";
import { cortexReplicated } from "./workloads";

const REPLICATION = 3;
/** What availability asks for, whatever the load. */
const MINIMUM = fewest(cortexReplicated, "node");
/** An index header's share of its block. */
const HEADER = 0.001;

/** Cores, and GB, of distributors that receive so many samples a second. */
export function distributorCores(samples: number): number {
    return samples / 25_000;
}

/** Bytes that a series' index headers take on all store gateways together. */
export function headerBytes(load: Pick<Load, "interval" | "retention">): number {
    return (load.retention.metrics / load.interval) * SAMPLE * HEADER * REPLICATION;
}

/** What Cortex needs, and its bucket. */
export function cortexNeeds(
    load: Load,
    { prometheusReplicas }: Around,
    { caches }: Pick<CortexSettings, "caches">,
): Needs {
    const samples = load.series / load.interval;
    const figures = [...writers(load, samples, prometheusReplicas), ...readers(load)];
    // With zones, more of a ring's members than copies stand only where they know their zone.
    const rings = [cortexReplicated.ingester.key, cortexReplicated.storeGateway.key];
    const zoned =
        load.zones > 1 && figures.some((each) => rings.includes(each.workload) && each.replicas > REPLICATION);
    const kubernetes = SINCE.zoneLabelOnPods;
    return {
        figures,
        rooms: cacheSizes(load.series, caches),
        ...(zoned && { kubernetes }),
        stored: [
            {
                setting: "metrics.buckets.blocks",
                bytes: samples * load.retention.metrics * SAMPLE,
                formula: "samples/s × retention × 2 B; compaction leaves one of the three copies",
                source: PROMETHEUS,
            },
        ],
        ceilings: [
            {
                setting: "metrics.limits.maxSeries",
                value: Math.ceil(load.series * HEADROOM),
                formula: "active series, half as many again for peaks",
            },
        ],
        limits: zoned
            ? [
                  `Kubernetes ${kubernetes} or newer in every cluster: before, pods do not know their zone (\`survives: node\` needs none).`,
              ]
            : [],
    };
}

function writers(load: Load, samples: number, senders: number): Figure[] {
    const received = distributorCores(samples * senders);
    const inMemory = load.series * REPLICATION;
    const ingesters = pods(headCores(inMemory), headBytes(inMemory) * HEADROOM, MINIMUM.ingester, load.zones);
    const compactors = Math.max(MINIMUM.compactor, Math.ceil(load.series / 20e6));
    const share = load.series / 20e6 / compactors;
    return [
        {
            ...of(cortexReplicated.distributor),
            ...pods(received, received * GB, MINIMUM.distributor),
            formula: "a core and 1 GB for 25 000 samples/s received, both of the pair's copies",
            source: MIMIR,
        },
        {
            ...of(cortexReplicated.ingester),
            ...ingesters,
            volume: volume(
                "metrics.volumes.ingester",
                ((inMemory / 300_000) * 5 * GB * HEADROOM) / ingesters.replicas,
                50,
            ),
            formula: "a core, 2.5 GB and 5 GB of disk for 300 000 series × 3 in memory; half as much again for peaks",
            source: MIMIR,
        },
        {
            ...of(cortexReplicated.compactor),
            ...pods(share * compactors, share * compactors * 4 * GB, compactors),
            volume: volume("metrics.volumes.compactor", share * 300 * GB * HEADROOM, 100),
            formula: "one with a core, 4 GB and 300 GB of disk for 20 million series",
            source: MIMIR,
        },
    ];
}

function readers(load: Load): Figure[] {
    const busy = load.queries / 10;
    const gateways = pods(busy, busy * GB, MINIMUM.storeGateway, load.zones);
    return [
        {
            ...of(cortexReplicated.querier),
            ...pods(busy, busy * GB, MINIMUM.querier),
            formula: "a core and 1 GB for 10 queries/s of 100 ms",
            source: MIMIR,
        },
        {
            ...of(cortexReplicated.storeGateway),
            ...gateways,
            volume: volume(
                "metrics.volumes.storeGateway",
                (headerBytes(load) * load.series * HEADROOM) / gateways.replicas,
                20,
            ),
            formula: "a core and 1 GB for 10 queries/s; disk: index headers, 0.1 % of the blocks × 3",
            source: MIMIR,
        },
    ];
}
