import { z } from "zod";
import { about, describe, dnsLabel, flag, hostPort, rotation, secretText, text, whole } from "../../settings/types";

const credentials = z.strictObject({
    accessKeyId: describe(secretText, {
        description: "Access key that opens the store's own buckets and nothing else.",
    }),
    secretAccessKey: secretText,
});

/** A key pair for each store that keeps data here; the database has one where it is archived. */
const credentialsOfEach = z.strictObject({
    metrics: credentials.optional(),
    logs: credentials.optional(),
    traces: credentials.optional(),
    database: credentials.optional(),
});

/** An S3 API that this stack does not run: a cloud's, or one that the cluster already has. Its buckets exist. */
export const s3Settings = z.strictObject({
    kind: describe(z.literal("s3"), {
        description: "What keeps the stores' data.",
        immutable: "the data stays in the object store that took it",
    }),
    endpoint: describe(hostPort, {
        description: "Address of the S3 API.",
        immutable: "the stores' data would stay behind",
    }),
    region: describe(text(/^[a-z0-9-]{1,63}$/, "lower-case letters, digits and dashes, at most 63", "eu-central-1"), {
        description: "Region that requests are signed for.",
    }),
    tls: describe(flag, { description: "Whether the endpoint speaks TLS." }),
    pathStyle: describe(flag, {
        description: "Whether buckets stand in the path (host/bucket), not in the host name.",
    }),
    pods: z
        .strictObject({ namespace: dnsLabel, port: whole(1, 65_535, "8080") })
        .register(about, {
            description:
                "Where the endpoint's pods are, if they are in this cluster: network policies see pods, not Services.",
            example: "{ namespace: rook-ceph, port: 8080 }",
        })
        .optional(),
    credentials: credentialsOfEach,
    readOnlyCredentials: describe(credentialsOfEach, {
        description: "Key pairs for backups: each lists and reads one store's buckets, and nothing else.",
    }).optional(),
    rotation: z.strictObject({ metrics: rotation, logs: rotation, traces: rotation }).register(about, {
        description: "Raise a store's number by one with each change of its credentials: its pods restart.",
    }),
});

export type S3Settings = z.infer<typeof s3Settings>;

/** Defaults of what has any: address and credentials are the user's to give. */
export function s3Defaults(): Partial<S3Settings> {
    return { kind: "s3", tls: true, pathStyle: false, rotation: { metrics: 1, logs: 1, traces: 1 } };
}

/** Port of the endpoint. */
export function endpointPort({ endpoint }: Pick<S3Settings, "endpoint">): number {
    return Number(endpoint.slice(endpoint.lastIndexOf(":") + 1));
}
