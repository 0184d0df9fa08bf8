import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import { fewest } from "../../settings/replicas";
import {
    about,
    bucketName,
    chartValues,
    describe,
    duration,
    labelValue,
    memorySize,
    objectName,
    replicas,
    rotation,
    text,
    volumeSize,
    whole,
} from "../../settings/types";
import { CANNOT, CANNOT_OF_TENANTS } from "./cannot";
import { dashboardsDefaults, dashboardsSettings } from "./dashboards-settings";
import { opensearchReplicated } from "./workloads";

/** A tenant has nothing of its own: all lines are in one data stream. */
export const opensearchTenant = z.strictObject({}).register(about, { cannot: CANNOT_OF_TENANTS });
export type OpensearchTenant = z.infer<typeof opensearchTenant>;

const certificates = z
    .discriminatedUnion("from", [
        z.strictObject({
            from: describe(z.literal("certManager"), {
                description:
                    "Who makes the certificates of nodes and of the setup: cert-manager, by an authority of this namespace.",
            }),
        }),
        z.strictObject({
            from: z.literal("secrets"),
            node: describe(objectName, {
                example: "opensearch-node-tls",
                description:
                    "Existing Secret in the namespace opensearch with `tls.crt`, `tls.key` in PKCS#8 and `ca.crt`: subject CN=opensearch-node, for servers and clients.",
            }),
            admin: describe(objectName, {
                example: "opensearch-admin-tls",
                description: "The same for who sets it up: subject CN=opensearch-admin, for clients.",
            }),
        }),
    ])
    .register(about, { allowed: "from: certManager or secrets", example: "{ from: certManager }" });

export const opensearchSettings = z
    .strictObject({
        kind: describe(z.literal("opensearch"), {
            description: "What keeps the logs.",
            immutable: "the lines stay in the store that took them",
        }),
        retention: describe(duration, {
            allowed: "a whole number of days or hours, at least 24h",
            example: "14d",
            description: "How long lines are kept, counted from the day's end of their index.",
        }),
        copies: describe(whole(1, 3, "2"), { description: "Nodes that have each line." }),
        zones: describe(z.array(labelValue).min(2).max(9), {
            allowed: "the names of the cluster's zones, as their nodes' labels have them",
            example: "[eu-1a, eu-1b, eu-1c]",
            description:
                "Copies are shared out by zone, never two in one while another is away. Needs kubernetes 1.35; without it there is one node in each zone.",
        }).optional(),
        replicas: z.strictObject({
            node: describe(replicas, { description: "Hold lines, answer queries and elect a manager." }),
            otlp: describe(replicas, { description: "Take OTLP, and answer once OpenSearch has the lines." }),
            gateway: describe(replicas, { description: "The address of queries; they show the reader's password." }),
            dashboards: describe(replicas, { description: "OpenSearch Dashboards, where they are enabled." }),
        }),
        memory: z.strictObject({
            node: describe(memorySize, {
                description: "Memory limit of a node; half of it is the heap, the rest the cache of its files.",
            }),
        }),
        volumes: z.strictObject({
            node: describe(volumeSize, {
                description: "Volume of each node: its share of all copies.",
                immutable: "a StatefulSet's volume claims keep their size",
            }),
        }),
        certificates,
        dashboards: dashboardsSettings,
        rotation: describe(rotation, { description: "Raise by one to give every user a new password." }),
        image: describe(
            text(
                /^[a-z0-9][a-z0-9./:_-]*:[A-Za-z0-9._-]+$/,
                "an image with its tag",
                "registry.example.com:5000/opensearch:3.6.0",
            ),
            {
                description:
                    "Image of the nodes in place of OpenSearch's own, of the same version, with repository-s3 for backups.",
            },
        ).optional(),
        buckets: z.strictObject({
            backup: describe(bucketName, {
                description:
                    "Bucket of daily snapshots; none are made if absent. Needs an image with the plugin repository-s3.",
                example: "opensearch-snapshots",
            }).optional(),
        }),
        values: describe(chartValues, { description: "Values of the nodes' chart, merged last." }),
        vectorValues: describe(chartValues, { description: "Values of the chart of what takes OTLP, merged last." }),
        exporterValues: describe(chartValues, { description: "Values of the exporter's chart, merged last." }),
        dashboardsValues: describe(chartValues, { description: "Values of the chart of Dashboards, merged last." }),
    })
    .register(about, { cannot: CANNOT });

export type OpensearchSettings = z.infer<typeof opensearchSettings>;

type Size = Pick<OpensearchSettings, "retention" | "copies" | "memory" | "volumes">;

const LAPTOP: Size = { retention: "7d", copies: 1, memory: { node: "1Gi" }, volumes: { node: "5Gi" } };
const PRODUCTION: Size = { retention: "14d", copies: 2, memory: { node: "4Gi" }, volumes: { node: "100Gi" } };

export function opensearchDefaults(
    survives: Survives,
    given: Readonly<Record<string, unknown>> = {},
): OpensearchSettings {
    return {
        kind: "opensearch",
        ...(survives === "nothing" ? LAPTOP : PRODUCTION),
        replicas: fewest(opensearchReplicated, survives),
        certificates: { from: "certManager" },
        dashboards: dashboardsDefaults(given),
        rotation: 1,
        buckets: {},
        values: {},
        vectorValues: {},
        exporterValues: {},
        dashboardsValues: {},
    };
}
