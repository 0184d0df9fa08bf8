import { z } from "zod";
import type { StoreRole } from "../../contracts/object-store";
import { about, describe, dnsLabel, flag, hostPort, rotation, secretText, text, whole } from "../../settings/types";

const credentials = z.strictObject({
    accessKeyId: describe(secretText, {
        description: "Access key that opens the store's own buckets and nothing else.",
    }),
    secretAccessKey: secretText,
});

/** A key pair for each store that keeps data here; the database has one where it is archived, errors where GlitchTip keeps them. */
const credentialsOfEach = z.strictObject({
    metrics: credentials.optional(),
    logs: credentials.optional(),
    traces: credentials.optional(),
    database: credentials.optional(),
    errors: credentials.optional(),
});

const role = text(
    /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/,
    "the ARN of an IAM role",
    "arn:aws:iam::111122223333:role/observability-logs",
);

const rolesOfEach = z.strictObject({
    metrics: role.optional(),
    logs: role.optional(),
    traces: role.optional(),
    database: role.optional(),
    errors: role.optional(),
});

/** A role for each store that keeps data here. */
export type Roles = z.infer<typeof rolesOfEach>;

const identity = z
    .discriminatedUnion("from", [
        z.strictObject({
            from: describe(z.literal("irsa"), {
                description:
                    "How EKS tells who a pod is: by the role on its service account, or by a pod identity association that names the account.",
                otherNames: {
                    azure: "objectStore: { kind: minio } on AKS: Azure's store has no S3 API, and no identity opens one",
                    aks: "objectStore: { kind: minio } on AKS: Azure's store has no S3 API, and no identity opens one",
                    gke: "credentials, with HMAC keys, on GKE: Google's S3 API takes no identity of a workload",
                    google: "credentials, with HMAC keys, on GKE: Google's S3 API takes no identity of a workload",
                    eks: "from: irsa, or from: podIdentity",
                    aws: "from: irsa, or from: podIdentity",
                },
            }),
            roles: describe(rolesOfEach, {
                description: "IAM role of each store: it opens the store's own buckets and nothing else.",
            }),
            readOnlyRoles: describe(rolesOfEach, {
                description: "IAM roles for backups: each lists and reads one store's buckets, and nothing else.",
            }).optional(),
        }),
        z.strictObject({ from: z.literal("podIdentity") }),
    ])
    .register(about, {
        allowed: "from: irsa or podIdentity",
        example: "{ from: podIdentity }",
        description: "Pods are known by their service account, and no key stands in any Secret.",
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
    credentials: credentialsOfEach.optional(),
    readOnlyCredentials: describe(credentialsOfEach, {
        description: "Key pairs for backups: each lists and reads one store's buckets, and nothing else.",
    }).optional(),
    identity: identity.optional(),
    rotation: z
        .strictObject({ metrics: rotation, logs: rotation, traces: rotation, errors: rotation })
        .register(about, {
            description: "Raise a store's number by one with each change of its credentials: its pods restart.",
        }),
});

export type S3Settings = z.infer<typeof s3Settings>;

/** Defaults of what has any: address and credentials are the user's to give. */
export function s3Defaults(): Partial<S3Settings> {
    return { kind: "s3", tls: true, pathStyle: false, rotation: { metrics: 1, logs: 1, traces: 1, errors: 1 } };
}

/** Port of the endpoint. */
export function endpointPort({ endpoint }: Pick<S3Settings, "endpoint">): number {
    return Number(endpoint.slice(endpoint.lastIndexOf(":") + 1));
}

type Identity = NonNullable<S3Settings["identity"]>;

/** The roles by which pods open buckets; undefined where they are not this stack's to name. */
export function rolesOf(identity: Identity): Roles | undefined {
    return identity.from === "irsa" ? identity.roles : undefined;
}

/** The roles by which copies read buckets; undefined where they are not this stack's to name. */
export function readOnlyRolesOf(identity: Identity): Roles | undefined {
    return identity.from === "irsa" ? (identity.readOnlyRoles ?? {}) : undefined;
}

/** Where a token of a service account is changed for keys. */
export function tokenServiceOf({ region }: Pick<S3Settings, "region">): string {
    return `https://sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

/**
 * What a store's service account is annotated with.
 * @param roles undefined where associations name the accounts.
 * @throws Error where there is no role of the store: a fault of the program, since the rules ask for one.
 */
export function accountOf(roles: Roles | undefined, store: StoreRole): Record<string, string> {
    if (roles === undefined) return {};
    const role = roles[store];
    if (role === undefined) throw new Error(`The outside S3 has no role of ${store}.`);
    return { "eks.amazonaws.com/role-arn": role };
}
