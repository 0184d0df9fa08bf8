import type * as pulumi from "@pulumi/pulumi";
import type { Endpoint, Ready } from "./ready";

/** The roles whose systems keep data in the object store; also the names of their users there. */
export type StoreRole = "metrics" | "logs" | "traces" | "database" | "errors";

/** One for each role that has buckets: a store may keep its data elsewhere, a database may not be archived. */
export type EachStore<T> = Readonly<Partial<Record<StoreRole, T>>>;

/** What a store asks of the object store: its buckets, which no other user may touch. */
export interface BucketRequest {
    readonly store: StoreRole;
    readonly buckets: readonly string[];
}

/** An S3 key pair. */
export interface KeyPair {
    readonly accessKeyId: pulumi.Output<string>;
    readonly secretAccessKey: pulumi.Output<string>;
    /** Raised for each new key pair; stores write it on their pods, so that a new pair rolls them. */
    readonly rotation: number;
}

/** What a store gets: a way to open its own buckets and nothing else. */
export interface BucketGrant {
    readonly store: StoreRole;
    readonly buckets: readonly string[];
    /** Undefined where the object store knows pods by their service account: their clients get keys by themselves. */
    readonly keys: KeyPair | undefined;
    /** What the pods' service account has to be annotated with, for the cloud to know whose pods they are. */
    readonly accountAnnotations: Readonly<Record<string, string>>;
}

/** A grant as far as a chart's values follow from it; plain data. */
export interface BucketAccess {
    /** Of the key pair in the pods' environment; undefined where there is none. */
    readonly rotation: number | undefined;
    readonly accountAnnotations: Readonly<Record<string, string>>;
}

export function accessOf({ keys, accountAnnotations }: BucketGrant): BucketAccess {
    return { rotation: keys?.rotation, accountAnnotations };
}

/** A new key pair changes the annotation, and so rolls the pods. */
export function rotationAnnotation({ rotation }: BucketAccess): Record<string, string> {
    return rotation === undefined ? {} : { "observability-platform/credentials-rotation": String(rotation) };
}

/** An S3 API: MinIO in this cluster, or an outside one. */
export interface ObjectStore extends Ready {
    /** `host:port`, without a scheme. */
    readonly endpoint: string;
    readonly region: string;
    /** Whether the endpoint speaks TLS. */
    readonly tls: boolean;
    /** Whether buckets are addressed as path (`host/bucket`) instead of as a virtual host (`bucket.host`). */
    readonly pathStyle: boolean;
    /** URL that answers 200 while writes find a quorum; undefined where the API has none. */
    readonly healthUrl: string | undefined;
    readonly peer: Endpoint;
    /** Addresses on the nodes themselves, port 80, that hand pods keys for their service account; none elsewhere. */
    readonly identityAgents: readonly string[];
    /** URL that gives keys for a service account's token; undefined where pods have key pairs. */
    readonly tokenService: string | undefined;
    /** Image with a shell, coreutils and `mc`, a client of S3: what copies buckets runs it. */
    readonly clientImage: string;
    readonly grants: EachStore<BucketGrant>;
    /** Ways to only list and read each store's buckets; undefined where nobody copies them. */
    readonly readOnlyGrants: EachStore<BucketGrant> | undefined;
}

/**
 * What a store that keeps data in these buckets is granted.
 * @throws Error where the object store was not asked for one of them: a fault of the program, never of the settings.
 */
export function grantOf(
    { grants }: Pick<ObjectStore, "grants">,
    role: StoreRole,
    buckets: readonly string[],
): BucketGrant {
    const grant = grants[role];
    const missing = buckets.filter((bucket) => !grant?.buckets.includes(bucket));
    if (grant === undefined || missing.length > 0) {
        throw new Error(`The object store was not asked for the buckets of ${role}: ${missing.join(", ")}.`);
    }
    return grant;
}

/** What each store is granted, from what each asked for. */
export function grantEach<Grant extends BucketGrant>(
    requests: readonly BucketRequest[],
    grant: (request: BucketRequest) => Grant,
): EachStore<Grant> {
    return Object.fromEntries(requests.map((request) => [request.store, grant(request)]));
}
