import { fewest } from "../../settings/replicas";
import type { Around } from "../../settings/slice";
import { cacheSizes } from "../../sizing/caches";
import { each, GB, HEADROOM, of, pods, volume, type Figure, type Needs } from "../../sizing/figure";
import { headBytes, headCores, MIMIR, PROMETHEUS, SAMPLE } from "../../sizing/head";
import type { Load } from "../../sizing/load";
import type { ThanosSettings } from "./settings";
import { thanosReplicated } from "./workloads";

const REPLICATION = 3;
/** What availability asks for, whatever the load. */
const MINIMUM = fewest(thanosReplicated, "node");
/** An index header's share of its block. */
const HEADER = 0.001;
const SIDECAR = "https://thanos.io/tip/components/sidecar.md/";
/** Ingestors for each zone: of more, two in one could hold two copies of the same series. */
const INGESTORS_IN_ZONES = 3;

/** What Thanos needs, and its bucket: both copies of a pair of Prometheus are stored, where other stores keep one. */
export function thanosNeeds(
    load: Load,
    { prometheusReplicas }: Around,
    { ingest, caches }: Pick<ThanosSettings, "ingest" | "caches">,
): Needs {
    const sent = (load.series / load.interval) * prometheusReplicas;
    const receiving = ingest === "receive" ? writers(load, sent, prometheusReplicas) : besideSidecars();
    return {
        figures: [...receiving, ...readers(load, prometheusReplicas)],
        rooms: cacheSizes(load.series * prometheusReplicas, caches),
        stored: [
            {
                setting: "metrics.buckets.blocks",
                bytes: sent * load.retention.metrics * SAMPLE,
                formula:
                    "samples/s × Prometheus replicas × retention × 2 B; the compactor leaves one of the three copies of each; with downsampling up to three times as much",
                source: PROMETHEUS,
            },
        ],
        ceilings: [],
        limits:
            load.zones > 1 && ingest === "receive"
                ? [
                      "Ingestors stay three with `survives: zone`: beyond what the largest nodes carry, metrics.kind: cortex shares out further.",
                  ]
                : [],
    };
}

function writers(load: Load, sent: number, senders: number): Figure[] {
    const inMemory = load.series * senders * REPLICATION;
    const cores = headCores(inMemory);
    const memory = headBytes(inMemory) * HEADROOM;
    const ingestors =
        load.zones > 1
            ? { replicas: INGESTORS_IN_ZONES, ...each(cores / INGESTORS_IN_ZONES, memory / INGESTORS_IN_ZONES) }
            : pods(cores, memory, MINIMUM.ingestor);
    return [
        {
            ...of(thanosReplicated.router),
            ...pods(sent / 25_000, (sent / 25_000) * GB, MINIMUM.router),
            formula: "a core and 1 GB for 25 000 samples/s received, both of the pair's copies",
            source: MIMIR,
        },
        {
            ...of(thanosReplicated.ingestor),
            ...ingestors,
            volume: volume(
                "metrics.volumes.ingestor",
                ((inMemory / 300_000) * 5 * GB * HEADROOM) / ingestors.replicas,
                50,
            ),
            formula:
                "a core, 2.5 GB and 5 GB of disk for 300 000 series × Prometheus replicas × 3 in memory; half as much again for peaks",
            source: MIMIR,
        },
    ];
}

/** Sidecars bring Prometheus' blocks: what is pushed, metrics of spans and recorded series, is left, and no load states it. */
function besideSidecars(): Figure[] {
    const formula =
        "what is pushed alone, which the load does not state: Prometheus' series come as blocks, by sidecars";
    return [
        { ...of(thanosReplicated.router), ...pods(0, 0, MINIMUM.router), formula, source: SIDECAR },
        {
            ...of(thanosReplicated.ingestor),
            ...pods(0, 0, MINIMUM.ingestor),
            volume: volume("metrics.volumes.ingestor", 0, 50),
            formula,
            source: SIDECAR,
        },
    ];
}

function readers(load: Load, senders: number): Figure[] {
    const busy = load.queries / 10;
    const gateways = pods(busy, busy * GB, MINIMUM.storeGateway);
    const stored = (load.series / load.interval) * senders * load.retention.metrics * SAMPLE;
    return [
        {
            ...of(thanosReplicated.query),
            ...pods(busy, busy * GB, MINIMUM.query),
            formula: "a core and 1 GB for 10 queries/s of 100 ms",
            source: MIMIR,
        },
        {
            ...of(thanosReplicated.storeGateway),
            ...gateways,
            // Each has them all, whatever their number.
            volume: volume("metrics.volumes.storeGateway", stored * HEADER * HEADROOM, 20),
            formula: "a core and 1 GB for 10 queries/s; disk: index headers, 0.1 % of the blocks, on each",
            source: MIMIR,
        },
    ];
}
