import { fewest } from "../../settings/replicas";
import { each, GIB, of, volume, type Needs } from "../../sizing/figure";
import type { Load } from "../../sizing/load";
import { AT, opensearchReplicated } from "./workloads";

const STORAGE = "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/bp-storage.html";
const RATIOS = "https://www.elastic.co/blog/benchmarking-and-sizing-your-elasticsearch-cluster-for-logs-and-metrics";

const DAY = 86_400;
/** Nodes that have each line, as the defaults have it. */
const COPIES = 2;
/** An index is a tenth larger than what was put into it; of a disk 5 % are the filesystem's, and 20 % stay free for merges. */
export const ON_DISK = 1.1 / 0.95 / 0.8;
/** Bytes on disk for a byte of memory: of the day that is written and read most, and of those before. */
const HOT = 30;
const WARM = 160;
/** Bytes of a day's volume for a core: 2 for each 100 GiB that is worked on. */
const CORE = 50 * GIB;
/** Twice the largest heap that has short pointers: more memory is a larger file cache alone, another node is both. */
const LARGEST = 62 * GIB;
/** Bytes a day: one shard, on one node with its copy, takes all lines at a time. */
const ONE_SHARD = 1e12;

const MINIMUM = fewest(opensearchReplicated, "node");

/** What the nodes need: lines are on their volumes, and nothing but snapshots is in a bucket. */
export function opensearchNeeds(load: Load): Needs {
    const day = load.logs * DAY * COPIES * ON_DISK;
    // An index is deleted a day after its first line is old enough.
    const kept = day * (load.retention.logs / DAY + 1);
    const memory = day / HOT + (kept - day) / WARM;
    const cores = day / CORE;
    const enough = Math.max(MINIMUM.node, Math.ceil(memory / LARGEST));
    const replicas = Math.ceil(enough / load.zones) * load.zones;
    // Copies of what is away are made anew on the others, whose disks have to have room for them.
    const left = replicas - (load.zones > 1 ? replicas / load.zones : 1);
    return {
        figures: [
            {
                ...of(opensearchReplicated.node),
                replicas,
                ...each(cores / replicas, memory / replicas),
                memorySetting: `${AT}.memory.node`,
                volume: volume(`${AT}.volumes.node`, kept / left, 100),
                formula: `disk: bytes/s × (retention + 1 day) × ${COPIES} copies × 1.45, on the nodes that a loss leaves; memory: 1/${HOT} of a day's disk and 1/${WARM} of the rest, half of it heap; 2 cores for 100 GiB of a day's disk`,
                source: `${STORAGE}, ${RATIOS}`,
            },
        ],
        stored: [],
        ceilings: [],
        limits:
            load.logs * DAY > ONE_SHARD
                ? [
                      "OpenSearch's lines go into one shard at a time, on one node and its copy's: beyond 1 TB a day measure, or choose logs.kind: loki.",
                  ]
                : [],
        ...(load.zones > 1 && replicas > load.zones && { kubernetes: "1.35" as const }),
    };
}
