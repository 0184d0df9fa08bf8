import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import {
    about,
    bucketName,
    chartValues,
    count,
    date,
    describe,
    duration,
    memorySize,
    replicas,
    volumeSize,
    whole,
} from "../../settings/types";
import { fewest } from "../../settings/replicas";
import { lokiReplicated } from "./workloads";

const buckets = z.strictObject({
    chunks: describe(bucketName, {
        description: "Log chunks and their index.",
        immutable: "stored logs would be lost from sight",
    }),
    ruler: describe(bucketName, {
        description: "Rules, as written through the ruler's API.",
        immutable: "stored rules would be lost from sight",
    }),
});

const period = z.strictObject({
    from: describe(date, { description: "First day that is written in this way." }),
    store: z.enum(["tsdb"]).register(about, { allowed: "tsdb", example: "tsdb", description: "Kind of index." }),
    schema: z
        .enum(["v13"])
        .register(about, { allowed: "v13", example: "v13", description: "Layout of chunks and index." }),
});

const volume = (description: string) =>
    describe(volumeSize, {
        description,
        immutable: "a StatefulSet's volume claims keep their size; the README says how to grow them",
    });

const cacheSize = describe(whole(0, 1_048_576, "1024"), {
    allowed: "a whole number of megabytes up to 1048576, 0 for no cache",
});

const retention = describe(duration, {
    allowed: "a multiple of 24h, at least 24h",
    example: "31d",
    description: "How long logs are kept.",
});
const limits = z.strictObject({
    ingestionRateMb: describe(count, { description: "Megabytes a second that a tenant may push." }),
    ingestionBurstMb: describe(count, { description: "Megabytes that a tenant may push to one distributor at once." }),
    maxStreams: describe(count, { description: "Active streams that a tenant may have." }),
});

/** What a tenant may have of its own; the rest is as for all. */
export const lokiTenant = limits.partial().extend({ retention: retention.optional() });
export type LokiTenant = z.infer<typeof lokiTenant>;

export const lokiSettings = z.strictObject({
    kind: describe(z.literal("loki"), {
        description: "What keeps the logs.",
        immutable: "the lines stay in the store that took them",
    }),
    buckets,
    retention,
    schema: describe(z.array(period).min(1).max(100), {
        allowed: "periods in the order of their first days",
        example: '[{ from: "2024-04-01", store: tsdb, schema: v13 }]',
        description: "How logs are stored, from which day on. Append a period with a day to come.",
        immutable: "an entry says how logs of its days are read; entries are only ever appended",
    }),
    replicationFactor: describe(z.literal([1, 3]), {
        allowed: "1 or 3",
        example: "3",
        description: "Ingesters that get each log line.",
        immutable: "lines written with the old factor would not be found by a quorum of the new one",
    }),
    replicas: z.strictObject({
        gateway: replicas,
        distributor: replicas,
        ingester: replicas,
        querier: replicas,
        queryFrontend: replicas,
        queryScheduler: replicas,
        indexGateway: replicas,
        ruler: replicas,
        canary: replicas,
        chunksCache: replicas,
        resultsCache: replicas,
    }),
    memory: z.strictObject({
        ingester: describe(memorySize, {
            description:
                "Memory limit of an ingester, or of the one process where nothing survives. It may fill half of it while it replays its log.",
        }),
        querier: describe(memorySize, {
            description: "Memory limit of a querier. Unused where the stack survives nothing.",
        }),
    }),
    volumes: z.strictObject({
        ingester: volume(
            "Write-ahead log of each ingester, or all local data of the one process where nothing survives.",
        ),
        indexGateway: volume("Downloaded index of each index gateway. Unused where the stack survives nothing."),
        compactor: volume(
            "Index under compaction and marks of what is to be deleted. Unused where the stack survives nothing.",
        ),
        ruler: volume(
            "Write-ahead log of the samples that recording rules make. Unused where the stack survives nothing.",
        ),
    }),
    limits,
    caches: z.strictObject({
        chunksMb: describe(cacheSize, { description: "Memory of each replica of the chunk cache." }),
        resultsMb: describe(cacheSize, { description: "Memory of each replica of the result cache." }),
    }),
    values: chartValues,
});

export type LokiSettings = z.infer<typeof lokiSettings>;

/** Defaults by what the stack survives. */
export function lokiDefaults(survives: Survives): LokiSettings {
    const replicas = fewest(lokiReplicated, survives);
    const common = {
        kind: "loki" as const,
        replicas,
        buckets: { chunks: "loki-chunks", ruler: "loki-ruler" },
        schema: [{ from: "2024-04-01", store: "tsdb" as const, schema: "v13" as const }],
        values: {},
    };
    if (survives === "nothing") {
        return {
            ...common,
            retention: "7d",
            replicationFactor: 1,
            memory: { ingester: "768Mi", querier: "768Mi" },
            volumes: { ingester: "5Gi", indexGateway: "1Gi", compactor: "1Gi", ruler: "1Gi" },
            limits: { ingestionRateMb: 8, ingestionBurstMb: 16, maxStreams: 5000 },
            caches: { chunksMb: 0, resultsMb: 0 },
        };
    }
    return {
        ...common,
        retention: "31d",
        replicationFactor: 3,
        // Of what has no minimum two as well, where there are nodes for them.
        replicas: { ...replicas, canary: 2, chunksCache: 2, resultsCache: 2 },
        memory: { ingester: "4Gi", querier: "3Gi" },
        volumes: { ingester: "20Gi", indexGateway: "10Gi", compactor: "10Gi", ruler: "10Gi" },
        limits: { ingestionRateMb: 16, ingestionBurstMb: 32, maxStreams: 20000 },
        caches: { chunksMb: 1024, resultsMb: 512 },
    };
}
