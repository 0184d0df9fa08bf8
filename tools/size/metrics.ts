import { cortexReplicated } from "../../components/metrics/cortex/workloads";
import { kubePrometheusStackReplicated } from "../../components/monitoring/kube-prometheus-stack/workloads";
import { fewest, leastOf } from "../../components/settings/replicas";
import { GB, GIB, HEADROOM, pods, volume, type Figure, type Needs } from "./figure";
import type { Load } from "./load";

/** Mimir began as Cortex' blocks engine and rings; its figures are the newer measurement of the same design. */
const MIMIR = "https://grafana.com/docs/mimir/latest/manage/run-production-environment/planning-capacity/";
const PROMETHEUS = "https://prometheus.io/docs/prometheus/latest/storage/#operational-aspects";

const REPLICATION = 3;
/** Prometheus servers that send the same samples; Cortex keeps one copy. */
const PAIR = leastOf(kubePrometheusStackReplicated.prometheus, "node");
/** What availability asks for, whatever the load. */
const MINIMUM = fewest(cortexReplicated, "node");
/** Bytes of a sample in a compacted block, index included: 1 to 2 by Prometheus' documentation, 2 by Mimir's. */
const SAMPLE = 2;
/** An index header's share of its block. */
const HEADER = 0.001;

/** Cores, and GB, of distributors that receive so many samples a second. */
export function distributorCores(samples: number): number {
    return samples / 25_000;
}

/** Cores of ingesters that hold so many series, replicas counted. */
export function ingesterCores(inMemory: number): number {
    return inMemory / 300_000;
}

/** Bytes of memory of ingesters that hold so many series, replicas counted, without headroom. */
export function ingesterBytes(inMemory: number): number {
    return (inMemory / 300_000) * 2.5 * GB;
}

/** Bytes that a series' index headers take on all store gateways together. */
export function headerBytes(load: Pick<Load, "interval" | "retention">): number {
    return (load.retention.metrics / load.interval) * SAMPLE * HEADER * REPLICATION;
}

/** What metrics need: Prometheus' pair, Cortex, and its bucket. */
export function metricsNeeds(load: Load): Needs {
    const samples = load.series / load.interval;
    return {
        figures: [...writers(load, samples), ...readers(load), prometheus(load, samples)],
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
    };
}

function writers(load: Load, samples: number): Figure[] {
    const received = distributorCores(samples * PAIR);
    const inMemory = load.series * REPLICATION;
    const ingesters = pods(ingesterCores(inMemory), ingesterBytes(inMemory) * HEADROOM, MINIMUM.ingester, load.zones);
    const compactors = Math.max(MINIMUM.compactor, Math.ceil(load.series / 20e6));
    const share = load.series / 20e6 / compactors;
    return [
        {
            setting: cortexReplicated.distributor.setting,
            ...pods(received, received * GB, MINIMUM.distributor),
            formula: "a core and 1 GB for 25 000 samples/s received, both of the pair's copies",
            source: MIMIR,
        },
        {
            setting: cortexReplicated.ingester.setting,
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
            setting: cortexReplicated.compactor.setting,
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
            setting: cortexReplicated.querier.setting,
            ...pods(busy, busy * GB, MINIMUM.querier),
            formula: "a core and 1 GB for 10 queries/s of 100 ms",
            source: MIMIR,
        },
        {
            setting: cortexReplicated.storeGateway.setting,
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

function prometheus(load: Load, samples: number): Figure {
    return {
        setting: kubePrometheusStackReplicated.prometheus.setting,
        replicas: PAIR,
        cpu: Math.max(1, Math.ceil(ingesterCores(load.series))),
        memory: Math.ceil((ingesterBytes(load.series) * HEADROOM) / GIB) * GIB,
        volume: volume("kubePrometheusStack.prometheus.volume", samples * 86_400 * SAMPLE * HEADROOM, 50),
        formula: "each of the pair holds every series, at an ingester's cost; a day of samples at 2 B",
        source: PROMETHEUS,
    };
}
