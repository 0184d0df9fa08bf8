import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import { fewest, leastOf } from "../../settings/replicas";
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
import {
    CANNOT,
    CANNOT_CACHE,
    CANNOT_COUNT,
    CANNOT_LIMIT,
    CANNOT_LIMIT_TENANTS,
    CANNOT_NAME,
    CANNOT_SIZE,
} from "./cannot";
import { thanosCaches, thanosReplicated } from "./workloads";

const volume = (description: string) =>
    describe(volumeSize, { description, immutable: "a StatefulSet's volume claims cannot be changed" });
const workload = (description: string) => describe(replicas, { description });
const cache = (description: string) => describe(memorySize, { description, example: "512Mi" });

/** A tenant has nothing of its own: what one is refused, or how long its samples are kept, is the same for all. */
export const thanosTenant = z.strictObject({}).register(about, { cannot: CANNOT_LIMIT_TENANTS });
export type ThanosTenant = z.infer<typeof thanosTenant>;

export const thanosSettings = z
    .strictObject({
        kind: describe(z.literal("thanos"), {
            description: "What keeps the metrics.",
            immutable: "the history stays in the store that took it",
        }),
        buckets: z
            .strictObject({
                blocks: describe(bucketName, {
                    description: "Bucket of the samples.",
                    immutable: "what is in the old bucket would no longer be found",
                }),
            })
            .register(about, { cannot: CANNOT_NAME }),
        ingest: z.enum(["receive", "sidecar"]).register(about, {
            allowed: "receive or sidecar",
            example: "sidecar",
            description:
                "How samples of Prometheus get there: by remote write to Receive, or as blocks of two hours that a sidecar beside each replica brings into the bucket. What is pushed goes to Receive in both.",
        }),
        retention: describe(duration, { description: "How long samples of every tenant are kept, at least a day." }),
        deletionDelay: describe(duration, {
            description: "How long a merged or outdated block stays in the bucket after it was marked.",
            example: "48h",
        }),
        downsampling: describe(flag, {
            description:
                "Whether samples are also kept one for each five minutes, and one for each hour, for queries over months. The bucket grows to up to three times its size.",
            immutable: "blocks that were merged before are not always downsampled after",
        }),
        replicationFactor: z.union([z.literal(1), z.literal(3)]).register(about, {
            allowed: "1 or 3",
            example: "3",
            description: "Ingestors that keep each series.",
            immutable: "series would be looked for where they were not written",
        }),
        replicas: z
            .strictObject({
                router: workload("Take remote writes and share them out."),
                ingestor: workload("Keep the newest samples."),
                query: workload("Evaluate PromQL."),
                queryFrontend: workload("Split and cache queries."),
                storeGateway: workload("Read blocks from the object store, each of them all."),
                gateway: workload("The one address of pushes and queries."),
            })
            .register(about, { cannot: CANNOT_COUNT }),
        volumes: z
            .strictObject({
                ingestor: volume("Volume of each ingestor: write-ahead log and the blocks of `ingestorRetention`."),
                storeGateway: volume("Volume of each store gateway: the blocks' index headers."),
                compactor: volume("Volume of the compactor: blocks, before and after they are merged."),
            })
            .register(about, { cannot: CANNOT_SIZE }),
        ingestorRetention: describe(duration, {
            description: "How long ingestors keep their blocks, at least 6h.",
            example: "24h",
        }),
        limits: z
            .strictObject({
                maxExemplars: describe(count, {
                    description: "Exemplars kept of each tenant on each ingestor, the newest.",
                    example: "100000",
                }),
                outOfOrder: describe(duration, { description: "How late a sample may be.", example: "5m" }),
                maxConcurrentQueries: describe(count, {
                    description: "Queries that each querier evaluates at once; more wait.",
                    example: "20",
                }),
            })
            .register(about, { cannot: CANNOT_LIMIT }),
        caches: z
            .strictObject({
                enabled: describe(flag, {
                    description:
                        "Whether memcached runs; without it query frontends and store gateways cache in their own memory, each for itself.",
                }),
                replicas: workload("Servers of each of the three caches."),
                results: cache("Memory of each server, or query frontend, for results of queries."),
                index: cache("Memory of each server, or store gateway, for the blocks' index."),
                chunks: cache("Memory of each server, or store gateway, for samples read from blocks."),
            })
            .register(about, { cannot: CANNOT_CACHE }),
        values: chartValues,
    })
    .register(about, { cannot: CANNOT });

export type ThanosSettings = z.infer<typeof thanosSettings>;

type Size = Pick<ThanosSettings, "replicationFactor" | "retention" | "volumes"> & {
    caches: Omit<ThanosSettings["caches"], "replicas">;
};

const LAPTOP: Size = {
    replicationFactor: 1,
    retention: "7d",
    volumes: { ingestor: "5Gi", storeGateway: "2Gi", compactor: "5Gi" },
    caches: { enabled: false, results: "64Mi", index: "64Mi", chunks: "64Mi" },
};

const PRODUCTION: Size = {
    replicationFactor: 3,
    retention: "30d",
    volumes: { ingestor: "50Gi", storeGateway: "20Gi", compactor: "100Gi" },
    caches: { enabled: true, results: "512Mi", index: "1Gi", chunks: "1Gi" },
};

export function thanosDefaults(survives: Survives): ThanosSettings {
    const small = survives === "nothing";
    const size = small ? LAPTOP : PRODUCTION;
    return {
        kind: "thanos",
        buckets: { blocks: "thanos-blocks" },
        ingest: "receive",
        ...size,
        caches: { ...size.caches, replicas: leastOf(thanosCaches.results, survives) },
        deletionDelay: "48h",
        downsampling: false,
        replicas: fewest(thanosReplicated, survives),
        ingestorRetention: "24h",
        limits: { maxExemplars: small ? 10_000 : 100_000, outOfOrder: "5m", maxConcurrentQueries: 20 },
        values: {},
    };
}
