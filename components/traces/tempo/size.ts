import { fewest } from "../../settings/replicas";
import { tempoReplicated } from "./workloads";
import { each, GB, MB, of, volume, type Figure, type Needs } from "../../sizing/figure";
import type { Load } from "../../sizing/load";

const SOURCE = "https://grafana.com/docs/tempo/v2.10.x/set-up-for-tracing/setup-tempo/plan/size/";

/** Bytes of received spans a second for which there is one replica; the middle where a range is published. */
const PER_REPLICA = {
    distributor: { rate: 10 * MB, cpu: 2, memory: 2 * GB },
    ingester: { rate: 4 * MB, cpu: 2.5, memory: 4 * GB },
    querier: { rate: 1.5 * MB, cpu: 1, memory: 4 * GB },
    compactor: { rate: 4 * MB, cpu: 1, memory: 4 * GB },
} as const;

/** What availability asks for, whatever the load. */
const MINIMUM = fewest(tempoReplicated, "node");

export type TempoWorkload = keyof typeof PER_REPLICA;

/**
 * Bytes of a block for a byte of received spans: 0.22 were measured of spans as HTTP instrumentation makes them
 * (test/e2e/sizing.test.ts). Measure yours by the bucket's growth.
 */
export const TEMPO_STORED_SHARE = 0.25;

export function tempoReplicas(workload: TempoWorkload, bytesPerSecond: number): number {
    const { rate } = PER_REPLICA[workload];
    return Math.max(MINIMUM[workload], Math.ceil(bytesPerSecond / rate));
}

/** What Tempo needs, and its bucket. */
export function tempoNeeds(load: Load): Needs {
    return {
        figures: (Object.keys(PER_REPLICA) as TempoWorkload[]).map((workload) => figure(workload, load)),
        stored: [
            {
                setting: "traces.buckets.traces",
                bytes: load.spans * load.retention.traces * TEMPO_STORED_SHARE,
                formula: `bytes/s × retention × ${TEMPO_STORED_SHARE}, measured of spans of HTTP: measure yours`,
                source: SOURCE,
            },
        ],
        ceilings: [],
        limits: [],
    };
}

function figure(workload: TempoWorkload, load: Load): Figure {
    const { rate, cpu, memory } = PER_REPLICA[workload];
    const replicas = tempoReplicas(workload, load.spans);
    const share = Math.min(1, load.spans / rate / replicas);
    return {
        ...of(tempoReplicated[workload]),
        replicas,
        ...each(cpu * share, memory * share),
        ...(workload === "ingester" && {
            // Three copies of half an hour before a block is cut, and of the hour that it is kept after its flush.
            volume: volume("traces.volumes.ingester", (load.spans * 3 * 5400) / replicas, 10),
        }),
        formula: `one for ${rate / MB} MB/s`,
        source: SOURCE,
    };
}
