import { fewest } from "../../settings/replicas";
import type { Around } from "../../settings/slice";
import { each, GIB, HEADROOM, of, pods, volume, type Figure, type Needs } from "../../sizing/figure";
import type { Load } from "../../sizing/load";
import type { OpensearchSettings } from "./settings";
import { AT, opensearchReplicated } from "./workloads";

const STORAGE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-storage.html";
const RATIOS = "https://www.elastic.co/blog/benchmarking-and-sizing-your-elasticsearch-cluster-for-logs-and-metrics";

const DAY = 86_400;
/** An index is a tenth larger than what was put into it; of a disk 5 % are the filesystem's, and 20 % stay free for merges. */
const INDEX = 1.1;
const ON_DISK = INDEX / 0.95 / 0.8;
/** Bytes on disk for a byte of memory: of the day that is written and read most, and of those before. */
const HOT = 30;
const WARM = 160;
/** Bytes of a day's volume for a core: 2 for each 100 GiB that is worked on. */
const CORE = 50 * GIB;
/** Twice the largest heap that has short pointers: more memory is a larger file cache alone, another node is both. */
const LARGEST = 62 * GIB;
/** Bytes a day: one shard, on one node with its copy, takes all lines at a time. */
const ONE_SHARD = 1e12;

const VECTOR = "https://vector.dev/docs/setup/going-to-prod/sizing";
const DASHBOARDS =
    "https://github.com/opensearch-project/helm-charts/blob/main/charts/opensearch-dashboards/values.yaml";
/** Bytes of lines without a structure that a core of Vector passes on in a second; it has 2 GiB beside it. */
const PASSED = 10 * 2 ** 20;

const MINIMUM = fewest(opensearchReplicated, "node");

type Given = Pick<OpensearchSettings, "copies" | "zones" | "dashboards" | "buckets">;

/** What the nodes need, and what lines and people come through. */
export function opensearchNeeds(load: Load, _: Around, settings: Given): Needs {
    const { node, limits, kubernetes } = nodes(load, settings);
    const { backup } = settings.buckets;
    const days = load.retention.logs / DAY + 1;
    return {
        figures: [node, vector(load), ...(settings.dashboards.enabled ? [dashboards] : [])],
        stored:
            backup === undefined
                ? []
                : [
                      {
                          setting: `${AT}.buckets.backup`,
                          bytes: load.logs * DAY * days * INDEX,
                          formula: `bytes/s × (retention + 1 day) × ${INDEX} for the index, one copy`,
                          source: STORAGE,
                      },
                  ],
        ceilings: [],
        limits,
        ...(kubernetes && { kubernetes }),
    };
}

/** Lines are on the nodes' volumes, and nothing but snapshots is in a bucket. */
function nodes(
    load: Load,
    { copies, zones: named }: Given,
): Pick<Needs, "limits"> & { readonly node: Figure; readonly kubernetes: Needs["kubernetes"] | undefined } {
    const zones = load.zones > 1 ? (named?.length ?? load.zones) : 1;
    const day = load.logs * DAY * copies * ON_DISK;
    // An index is deleted a day after its first line is old enough.
    const kept = day * (load.retention.logs / DAY + 1);
    const memory = day / HOT + (kept - day) / WARM;
    const cores = day / CORE;
    const enough = Math.max(MINIMUM.node, Math.ceil(memory / LARGEST));
    const replicas = Math.ceil(enough / zones) * zones;
    // Copies of what is away are made anew on the others, whose disks have to have room for them.
    const left = replicas - (zones > 1 ? replicas / zones : 1);
    const pod = each(cores / replicas, memory / replicas);
    const heap = Math.min(pod.memory, LARGEST) / 2 / GIB;
    return {
        node: {
            ...of(opensearchReplicated.node),
            replicas,
            ...pod,
            memorySetting: `${AT}.memory.node`,
            volume: volume(`${AT}.volumes.node`, kept / left, 100),
            formula: `disk: bytes/s × (retention + 1 day) × ${copies} copies × ${ON_DISK.toFixed(2)}, on the nodes that a loss leaves; memory: 1/${HOT} of a day's disk and 1/${WARM} of the rest, half of it heap (${heap} GiB); 2 cores for 100 GiB of a day's disk`,
            source: `${STORAGE}, ${RATIOS}`,
        },
        limits:
            load.logs * DAY > ONE_SHARD
                ? [
                      "OpenSearch's lines go into one shard at a time, on one node and its copy's: beyond 1 TB a day measure, or choose logs.kind: loki.",
                  ]
                : [],
        kubernetes: zones > 1 && replicas > zones ? "1.35" : undefined,
    };
}

/** The gateway of OTLP, which holds nothing: half as much again for peaks, and for a node that is away. */
function vector({ logs }: Load): Figure {
    const cores = (logs / PASSED) * HEADROOM;
    return {
        ...of(opensearchReplicated.otlp),
        ...pods(cores, cores * 2 * GIB, MINIMUM.otlp),
        formula: "a core and 2 GiB for 10 MiB/s; half as much again for peaks",
        source: VECTOR,
    };
}

/** People open a few pages at a time, however many lines there are. */
const dashboards: Figure = {
    ...of(opensearchReplicated.dashboards),
    replicas: MINIMUM.dashboards,
    ...each(0, GIB),
    formula: "by people, not by lines: raise it where many look at once",
    source: DASHBOARDS,
};
