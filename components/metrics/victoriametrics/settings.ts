import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import { fewest } from "../../settings/replicas";
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
import { CANNOT, CANNOT_COUNT, CANNOT_LIMIT, CANNOT_LIMIT_TENANTS, CANNOT_NAME, CANNOT_SIZE } from "./cannot";
import { vmObjects, vmReplicated } from "./workloads";

const workload = (description: string) => describe(replicas, { description });

/** One for all tenants: the program has no other, and drops without a word to the sender. */
const limits = z
    .strictObject({
        maxHourlySeries: describe(count, {
            description:
                "Series of all tenants together with a sample within an hour; samples of further ones are dropped.",
            example: "3000000",
        }),
        maxLabelNames: describe(count, {
            description: "Labels of one series; a series with more is dropped.",
            example: "60",
        }),
    })
    .register(about, { cannot: CANNOT_LIMIT });

/** Nothing of a tenant's own. */
export const vmTenant = z.strictObject({}).register(about, { cannot: CANNOT_LIMIT_TENANTS });

export const vmSettings = z
    .strictObject({
        kind: describe(z.literal("victoriametrics"), {
            description: "What keeps the metrics.",
            immutable: "the history stays in the store that took it",
        }),
        retention: describe(duration, {
            description:
                "How long samples are kept, of all tenants, at least a day. A month goes when its last day does.",
        }),
        replicationFactor: z.union([z.literal(1), z.literal(2), z.literal(3)]).register(about, {
            allowed: "1, 2 or 3",
            example: "2",
            description: "Servers that keep each sample.",
            immutable: "answers would count as complete that lack what was stored with fewer copies",
        }),
        objects: describe(flag, {
            description:
                "Whether VictoriaMetrics' own objects (VMServiceScrape, VMPodScrape, VMProbe, VMRule, …) are scraped and evaluated, beside the objects of Prometheus, of which none is scraped twice. Brings the operator, vmagent and vmalert.",
            example: "true",
        }),
        replicas: z
            .strictObject({
                vmstorage: describe(replicas, {
                    description: "Keep the samples.",
                    rises: "what the server that goes has kept would be in no answer",
                }),
                vminsert: workload("Take remote writes and OTLP, and share them out."),
                vmselect: workload("Evaluate queries."),
                vmauth: workload("The one address of pushes and queries: knows tenants, and spreads over the others."),
                operator: workload("Turns `objects` into what vmagent and vmalert do; one leads."),
                vmagent: workload("Scrape what `objects` name, each of them all."),
                vmalert: workload("Evaluate the rules of `objects`, each of them all."),
            })
            .register(about, { cannot: CANNOT_COUNT }),
        memory: z.strictObject({
            vmagent: describe(memorySize, {
                description:
                    "Memory limit of each vmagent, half of which it asks for: with its targets and their samples.",
            }),
            vmalert: describe(memorySize, {
                description: "Memory limit of each vmalert, half of which it asks for: with the results of its rules.",
                example: "1Gi",
            }),
        }),
        volumes: z
            .strictObject({
                vmstorage: describe(volumeSize, {
                    description: "Volume of each server: its share of all samples, for the retention and a month.",
                    immutable: "a StatefulSet's volume claims cannot be changed",
                }),
                vmagent: describe(volumeSize, {
                    description:
                        "Volume of each vmagent, where `objects` are scraped: what the store has not taken yet.",
                    immutable: "a StatefulSet's volume claims cannot be changed",
                    example: "5Gi",
                }),
            })
            .register(about, { cannot: CANNOT_SIZE }),
        buckets: z
            .strictObject({
                backup: describe(bucketName, {
                    description:
                        "Bucket of the hourly backup of each server's volume; absent where nothing is survived, unless it is given.",
                    immutable: "a backup would begin anew, and the old one be forgotten",
                    example: "victoriametrics-backup",
                }).optional(),
            })
            .register(about, { cannot: CANNOT_NAME }),
        limits,
        values: chartValues,
        operatorValues: describe(chartValues, { description: "Values of the operator's chart, merged last." }),
    })
    .register(about, { cannot: CANNOT });

export type VmSettings = z.infer<typeof vmSettings>;
export type VmTenant = z.infer<typeof vmTenant>;

export function vmDefaults(survives: Survives): VmSettings {
    const small = survives === "nothing";
    return {
        kind: "victoriametrics",
        retention: small ? "7d" : "30d",
        replicationFactor: small ? 1 : 2,
        objects: false,
        replicas: fewest({ ...vmReplicated, ...vmObjects }, survives),
        memory: small ? { vmagent: "256Mi", vmalert: "128Mi" } : { vmagent: "1Gi", vmalert: "512Mi" },
        volumes: { vmstorage: small ? "5Gi" : "200Gi", vmagent: small ? "1Gi" : "5Gi" },
        buckets: small ? {} : { backup: "victoriametrics-backup" },
        limits: { maxHourlySeries: small ? 300_000 : 3_000_000, maxLabelNames: 60 },
        values: {},
        operatorValues: {},
    };
}
