import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import {
    about,
    bucketName,
    chartValues,
    count,
    describe,
    duration,
    flag,
    memorySize,
    replicas,
    volumeSize,
} from "../../settings/types";
import { CANNOT, CANNOT_COUNT, CANNOT_LIMIT, CANNOT_NAME, CANNOT_SIZE } from "./cannot";
import { fewest, leastOf } from "../../settings/replicas";
import { cortexCaches, cortexReplicated } from "./workloads";

const bucket = (description: string) =>
    describe(bucketName, { description, immutable: "what is in the old bucket would no longer be found" });
const volume = (description: string) =>
    describe(volumeSize, { description, immutable: "a StatefulSet's volume claims cannot be changed" });
const workload = (description: string) => describe(replicas, { description });
const cache = (description: string) => describe(memorySize, { description, example: "512Mi" });

const retention = describe(duration, { description: "How long samples are kept, at least a day." });
const limits = z
    .strictObject({
        maxSeries: describe(count, { description: "Active series of a tenant in all.", example: "3000000" }),
        ingestionRate: describe(count, {
            description: "Samples per second that each distributor takes of a tenant.",
            example: "100000",
        }),
        ingestionBurst: describe(count, {
            description: "Samples that a distributor takes of a tenant at once, above its rate.",
            example: "200000",
        }),
        maxLabelNames: describe(count, { description: "Labels of one series.", example: "60" }),
        maxExemplars: describe(count, { description: "Exemplars kept of a tenant, the newest.", example: "100000" }),
        outOfOrder: describe(duration, {
            description: "How late a sample may be: a newly elected Prometheus replica lags the old one a little.",
            example: "5m",
        }),
        maxOutstandingQueries: describe(count, {
            description:
                "Parts of a tenant's queries that may wait in each query frontend; more are refused with status 429.",
            example: "1000",
        }),
    })
    .register(about, { cannot: CANNOT_LIMIT });

/** What a tenant may have of its own; the rest is as for all. */
export const cortexTenant = limits
    .partial()
    .extend({ retention: retention.optional() })
    .register(about, { cannot: CANNOT_LIMIT });
export type CortexTenant = z.infer<typeof cortexTenant>;

export const cortexSettings = z
    .strictObject({
        kind: describe(z.literal("cortex"), {
            description: "What keeps the metrics.",
            immutable: "the history stays in the store that took it",
        }),
        buckets: z
            .strictObject({
                blocks: bucket("Bucket of the samples."),
                ruler: bucket("Bucket of the rules that the ruler's API takes."),
            })
            .register(about, { cannot: CANNOT_NAME }),
        retention,
        replicationFactor: z.union([z.literal(1), z.literal(3)]).register(about, {
            allowed: "1 or 3",
            example: "3",
            description: "Ingesters that keep each series, and store gateways that serve each block.",
            immutable: "series would be looked for where they were not written",
        }),
        replicas: z
            .strictObject({
                distributor: workload("Take remote writes and share them out."),
                ingester: workload("Keep the newest samples."),
                querier: workload("Evaluate PromQL."),
                queryFrontend: workload("Split, queue and cache queries."),
                storeGateway: workload("Read blocks from the object store."),
                compactor: workload("Merge blocks and delete what is older than the retention."),
                ruler: workload("Evaluate the rules that the ruler's API takes."),
                gateway: workload("The one address of pushes and queries."),
            })
            .register(about, { cannot: CANNOT_COUNT }),
        volumes: z
            .strictObject({
                ingester: volume(
                    "Volume of each ingester: write-ahead log and the blocks of `windows.ingesterRetention`.",
                ),
                storeGateway: volume("Volume of each store gateway: the blocks' index headers."),
                compactor: volume("Volume of each compactor: a day's blocks, before and after."),
            })
            .register(about, { cannot: CANNOT_SIZE }),
        limits,
        windows: z.strictObject({
            queryStoreAfter: describe(duration, {
                description: "Age from which samples are read from blocks.",
                example: "12h",
            }),
            queryIngestersWithin: describe(duration, {
                description: "Age up to which ingesters are asked.",
                example: "13h",
            }),
            ingesterRetention: describe(duration, {
                description: "How long ingesters keep their blocks.",
                example: "24h",
            }),
        }),
        caches: z.strictObject({
            enabled: describe(flag, {
                description: "Whether memcached runs; without it store gateways cache for themselves.",
            }),
            replicas: workload("Servers of each of the four caches."),
            results: cache("Memory of each server for results of queries."),
            index: cache("Memory of each server for the blocks' index."),
            chunks: cache("Memory of each server for samples read from blocks."),
            metadata: cache("Memory of each server for what blocks there are."),
        }),
        values: chartValues,
    })
    .register(about, { cannot: CANNOT });

export type CortexSettings = z.infer<typeof cortexSettings>;

const LAPTOP: Pick<CortexSettings, "replicationFactor" | "retention" | "volumes"> = {
    replicationFactor: 1,
    retention: "7d",
    volumes: { ingester: "5Gi", storeGateway: "2Gi", compactor: "5Gi" },
};

const PRODUCTION: typeof LAPTOP = {
    replicationFactor: 3,
    retention: "30d",
    volumes: { ingester: "50Gi", storeGateway: "20Gi", compactor: "100Gi" },
};

export function cortexDefaults(survives: Survives): CortexSettings {
    const small = survives === "nothing";
    return {
        kind: "cortex",
        buckets: { blocks: "cortex-blocks", ruler: "cortex-ruler" },
        ...(small ? LAPTOP : PRODUCTION),
        replicas: fewest(cortexReplicated, survives),
        limits: {
            maxSeries: small ? 300_000 : 3_000_000,
            ingestionRate: 100_000,
            ingestionBurst: 200_000,
            maxLabelNames: 60,
            maxExemplars: small ? 10_000 : 100_000,
            outOfOrder: "5m",
            maxOutstandingQueries: 1000,
        },
        windows: { queryStoreAfter: "12h", queryIngestersWithin: "13h", ingesterRetention: "24h" },
        caches: {
            enabled: !small,
            replicas: leastOf(cortexCaches.results, survives),
            results: "512Mi",
            index: "1Gi",
            chunks: "1Gi",
            metadata: "256Mi",
        },
        values: {},
    };
}
