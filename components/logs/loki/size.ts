import { lokiReplicated } from "./workloads";
import { fewest } from "../../settings/replicas";
import { each, GB, GIB, MB, of, volume, type Figure, type Needs } from "../../sizing/figure";
import type { Load } from "../../sizing/load";

const SOURCE = "https://grafana.com/docs/loki/latest/setup/size/";

/** TB a day at which Loki's documentation gives replicas: the end of its first tier and the beginning of its last. */
const LOW = 3;
const HIGH = 30;

/** Replicas at LOW and at HIGH, and one pod's requests in cores and GiB. A compactor is always one. */
const PUBLISHED = {
    distributor: { low: 4, high: 100, cpu: 2, gib: [0.5, 1] },
    ingester: { low: 6, high: 150, cpu: 2, gib: [4, 8] },
    indexGateway: { low: 4, high: 20, cpu: 0.5, gib: [2, 4] },
    querier: { low: 10, high: 250, cpu: 1, gib: [1, 3] },
    queryFrontend: { low: 2, high: 16, cpu: 1, gib: [2, 4] },
} as const;

/** What availability asks for, whatever the load. */
const MINIMUM = fewest(lokiReplicated, "node");

export type LokiWorkload = keyof typeof PUBLISHED;

/**
 * Bytes of stored chunks and index for a byte of log lines: 0.19 were measured of lines as services log their requests, with a
 * random id in each (test/e2e/sizing.test.ts). Measure yours by `loki_distributor_bytes_received_total` against the bucket's growth.
 */
export const LOKI_STORED_SHARE = 0.2;

/**
 * Replicas for so many TB a day: in proportion below the first published figure, and along the line between the two
 * above it. What is published between them, 90 ingesters and 100 queriers for 3 to 30 TB, lies on that line at 17 TB.
 */
export function lokiReplicas(workload: LokiWorkload, terabytes: number): number {
    const { low, high } = PUBLISHED[workload];
    const on = terabytes <= LOW ? (low * terabytes) / LOW : low + ((high - low) * (terabytes - LOW)) / (HIGH - LOW);
    return Math.max(MINIMUM[workload], Math.ceil(on - 1e-9));
}

/** What Loki needs, and its bucket. */
export function lokiNeeds(load: Load): Needs {
    const terabytes = (load.logs * 86_400) / 1e12;
    const figures = (Object.keys(PUBLISHED) as LokiWorkload[]).map((workload) => figure(workload, terabytes, load));
    return {
        figures,
        stored: [
            {
                setting: "logs.buckets.chunks",
                bytes: load.logs * load.retention.logs * LOKI_STORED_SHARE,
                formula: `bytes/s × retention × ${LOKI_STORED_SHARE}, measured of lines of requests: measure yours`,
                source: SOURCE,
            },
        ],
        ceilings: [
            {
                setting: "logs.limits.ingestionRateMb",
                value: Math.ceil((load.logs * 2) / MB),
                formula: "twice the mean rate, for peaks",
            },
            {
                setting: "logs.limits.ingestionBurstMb",
                value: Math.ceil((load.logs * 4) / MB),
                formula: "four times the mean rate",
            },
        ],
        limits: limitsOf(load, figures),
    };
}

/** Bytes of memory past which a restart replays a log for longer than an upgrade should wait. */
const ONE_INGESTER = 32 * GIB;
/** Bytes of logs a second, 30 TB a day, beyond which Loki's documentation has no figures. */
const ONE_LOKI = (HIGH * 1e12) / 86_400;

function limitsOf(load: Load, figures: readonly Figure[]): string[] {
    const ingesters = figures.find(({ workload }) => workload === lokiReplicated.ingester.key);
    return [
        ...(load.logs > ONE_LOKI
            ? ["Loki's compactor is one process: beyond 30 TB a day make cells, each with a part of the tenants."]
            : []),
        ...((ingesters?.memory ?? 0) > ONE_INGESTER
            ? ["Loki's three ingesters, one for each zone, pass 32 GiB: `survives: node` lets there be more of them."]
            : []),
    ];
}

/** With zones the settings keep three ingesters, one for each: they grow instead. */
const ONE_EACH_ZONE = 3;

function figure(workload: LokiWorkload, terabytes: number, load: Load): Figure {
    const { low, high, cpu, gib } = PUBLISHED[workload];
    const published = lokiReplicas(workload, terabytes);
    const replicas = workload === "ingester" && load.zones > 1 ? ONE_EACH_ZONE : published;
    // At a fraction of the first tier the least number of pods is more than enough: each is smaller.
    const pods = Math.min(published, terabytes <= LOW ? (low * terabytes) / LOW : published);
    return {
        ...of(lokiReplicated[workload]),
        replicas,
        ...each((cpu * pods) / replicas, (gib[terabytes <= LOW ? 0 : 1] * GIB * pods) / replicas),
        ...(workload === "ingester" && {
            // Three copies, an hour in the log before it is a chunk, and twice that for a replay beside new lines.
            volume: volume("logs.volumes.ingester", (load.logs * 3 * 3600 * 2) / replicas, 20),
        }),
        ...(workload === "indexGateway" && {
            volume: volume(
                "logs.volumes.indexGateway",
                Math.min(200 * GB, load.logs * load.retention.logs * 0.001),
                10,
            ),
        }),
        formula: `${low} at ${LOW} TB/day, ${high} at ${HIGH} TB/day`,
        source: SOURCE,
    };
}
