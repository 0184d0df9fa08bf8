import { z } from "zod";
import { about, count, describe, dnsLabel, flag, tenantId, text, whole } from "../settings/types";

const SIGNALS = ["metrics", "logs", "traces"] as const;

export type Signal = (typeof SIGNALS)[number];

const subject = text(
    /^[A-Za-z0-9 =,.@_:/-]*CN=[A-Za-z0-9 =,.@_:/-]+$/,
    "a subject in the form of RFC 2253, of letters, digits, spaces and =,.@_:/-, at most 512",
    "CN=edge-eu,O=Example",
    512,
);

/** What each gateway takes from one client, whatever the others send; beyond it the answer is 429. */
export const clientLimits = z.strictObject({
    requestsPerSecond: describe(whole(1, 100_000, "500"), {
        description: "Pushes of one client in a second, at each gateway; a second's worth may come at once.",
    }),
    concurrentRequests: describe(whole(1, 1000, "200"), {
        description: "Pushes of one client that are under way at the same time, at each gateway.",
    }),
});

export type ClientLimits = z.infer<typeof clientLimits>;

/** Whoever pushes from outside. */
export const clientSettings = z.strictObject({
    name: describe(dnsLabel, { description: "User name of the client.", example: "edge-eu" }),
    tenant: describe(tenantId, {
        description: "Tenant that what it sends is kept as, one of `tenants`; the platform's if absent.",
    }).optional(),
    rotation: describe(count, {
        description:
            "Raise by one to make a new password, beside which the one before stays valid; raise by two to end both. 1 if absent.",
    }).optional(),
    revoked: describe(flag, { description: "Refuse whatever it sends." }).optional(),
    subject: describe(subject, {
        description:
            "Whole subject of its certificate, as `openssl x509 -noout -subject -nameopt RFC2253` prints it; CN=<name> if absent.",
    }).optional(),
    limits: clientLimits.partial().optional(),
});

export type ClientSettings = z.infer<typeof clientSettings>;

/** A cluster that keeps its signals here: a client that the stack's output `clusters` tells how to send. */
export const clusterSettings = clientSettings.extend({
    name: describe(dnsLabel, {
        description: "Name of the cluster, which is its label `cluster` and its client's user name.",
        example: "edge-eu",
    }),
    signals: z
        .array(z.enum(SIGNALS))
        .register(about, {
            description: "What it sends, of which each that stays away raises an alert; all three if absent.",
            allowed: "a list of metrics, logs and traces",
            example: "[metrics, logs]",
        })
        .optional(),
});

export type ClusterSettings = z.infer<typeof clusterSettings>;

/** What the cluster is to send. */
export function signalsOf({ signals }: Pick<ClusterSettings, "signals">): readonly Signal[] {
    return signals ?? SIGNALS;
}

/** Everybody who pushes, in the order in which they are written: clusters first. */
export function pushersOf({
    clients,
    clusters,
}: {
    readonly clients: readonly ClientSettings[];
    readonly clusters: readonly ClusterSettings[];
}): ClientSettings[] {
    return [...clusters, ...clients].filter(({ revoked }) => revoked !== true);
}

/** The whole subject of a client's certificate. */
export function subjectOf({ name, subject }: Pick<ClientSettings, "name" | "subject">): string {
    return subject ?? `CN=${name}`;
}
