import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import {
    about,
    bucketName,
    bytes,
    chartValues,
    count,
    describe,
    duration,
    flag,
    replicas,
    volumeSize,
} from "../../settings/types";
import { fewest } from "../../settings/replicas";
import { tempoReplicated } from "./workloads";

const retention = describe(duration, { description: "Age at which traces are deleted.", example: "336h" });
const limits = z.strictObject({
    ingestRate: describe(bytes, {
        description: "Bytes of a tenant's spans a second that each distributor takes.",
        example: "30Mi",
    }),
    ingestBurst: describe(bytes, {
        description: "Bytes above the rate that a distributor takes at once; no less than the largest push.",
        example: "30Mi",
    }),
    traceSize: describe(bytes, { description: "Largest trace; spans beyond it are refused.", example: "10Mi" }),
    liveTraces: describe(count, {
        description: "Traces of a tenant that an ingester takes spans for at a time.",
        example: "50000",
    }),
    generatedSeries: describe(count, {
        description: "Series that each metrics generator keeps for a tenant; new ones beyond it are dropped.",
        example: "100000",
    }),
});

/** What a tenant may have of its own; the rest is as for all. */
export const tempoTenant = limits.partial().extend({ retention: retention.optional() });
export type TempoTenant = z.infer<typeof tempoTenant>;

export const tempoSettings = z.strictObject({
    kind: describe(z.literal("tempo"), {
        description: "What keeps the traces.",
        immutable: "the traces stay in the store that took them",
    }),
    buckets: z.strictObject({
        traces: describe(bucketName, {
            description: "Bucket of the trace blocks.",
            example: "tempo-traces",
            immutable: "traces in the old bucket would no longer be found",
        }),
    }),
    multitenancy: describe(flag, {
        description:
            "Keep each tenant's traces apart. Off, all traces are one tenant's and `X-Scope-OrgID` is not looked at.",
        immutable:
            "traces written before stay under the tenant `single-tenant`; docs/how-to/give-a-team-its-tenant.md says how they are read",
    }),
    retention,
    replicationFactor: z.literal([1, 3]).register(about, {
        description: "Ingesters that each span is written to: 3 where the stack survives a node or a zone, else 1.",
        allowed: "1 or 3",
        example: "3",
        immutable: "until every old block is flushed, reads would ask ingesters that do not have it",
    }),
    replicas: z
        .strictObject({
            gateway: describe(replicas, {
                description:
                    "One address for queries and HTTP pushes. Fewer than nodes: a rollout starts one pod more.",
            }),
            distributor: replicas,
            ingester: describe(replicas, { description: "Lower it one at a time, see the README." }),
            querier: replicas,
            queryFrontend: describe(replicas, {
                description: "Two are enough: they share the queriers out among them.",
            }),
            compactor: replicas,
            metricsGenerator: replicas,
            memcached: replicas,
        })
        .register(about, { description: "Replicas of each workload; all 1 where the stack survives nothing." }),
    volumes: z.strictObject({
        ingester: describe(volumeSize, {
            description:
                "Volume of each ingester: its write-ahead log and its last blocks. The single process has this one only.",
            example: "20Gi",
        }),
        metricsGenerator: describe(volumeSize, {
            description: "Volume of each metrics generator. Unused where the stack survives nothing.",
            example: "10Gi",
        }),
    }),
    limits,
    values: describe(chartValues, {
        description:
            "Values of the chart in use, merged last: tempo-distributed, or tempo where the stack survives nothing.",
    }),
});

export type TempoSettings = z.infer<typeof tempoSettings>;

export function tempoDefaults(survives: Survives): TempoSettings {
    const shared = {
        kind: "tempo" as const,
        buckets: { traces: "tempo-traces" },
        multitenancy: false,
        replicas: fewest(tempoReplicated, survives),
        values: {},
    };
    if (survives === "nothing") {
        return {
            ...shared,
            retention: "48h",
            replicationFactor: 1,
            volumes: { ingester: "5Gi", metricsGenerator: "5Gi" },
            limits: {
                ingestRate: "15Mi",
                ingestBurst: "20Mi",
                traceSize: "5Mi",
                liveTraces: 10000,
                generatedSeries: 20000,
            },
        };
    }
    return {
        ...shared,
        retention: "336h",
        replicationFactor: 3,
        volumes: { ingester: "20Gi", metricsGenerator: "10Gi" },
        limits: {
            ingestRate: "30Mi",
            ingestBurst: "30Mi",
            traceSize: "10Mi",
            liveTraces: 50000,
            generatedSeries: 100000,
        },
    };
}
