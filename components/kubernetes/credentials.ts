import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { BucketGrant } from "../contracts/object-store";

/**
 * A generated password: letters and digits only, since it passes through shell scripts, URLs and YAML unquoted.
 * 40 of 62 symbols are 238 bits.
 * @param rotation number of the rotation: another number makes another password.
 */
export function password(name: string, rotation: number, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
    return generated(name, rotation, opts).result;
}

/** The same beside its bcrypt digest, for a system that is told no passwords. The provider makes both, so that they stay together. */
export function hashedPassword(name: string, rotation: number, opts: pulumi.CustomResourceOptions) {
    const { result, bcryptHash } = generated(name, rotation, opts);
    return { password: result, hash: bcryptHash };
}

function generated(name: string, rotation: number, opts: pulumi.CustomResourceOptions): random.RandomPassword {
    return new random.RandomPassword(
        name,
        { length: 40, special: false, keepers: { rotation: String(rotation) } },
        opts,
    );
}

export interface SecretArgs {
    readonly name: string;
    readonly namespace: string;
    readonly type?: string;
    readonly labels?: Record<string, string>;
    readonly data: Record<string, pulumi.Input<string>>;
}

/** A Secret with an explicit name. Everything in it is marked secret in the state, whoever made it. */
export function secret(name: string, args: SecretArgs, opts: pulumi.CustomResourceOptions): k8s.core.v1.Secret {
    return new k8s.core.v1.Secret(
        name,
        {
            metadata: { name: args.name, namespace: args.namespace, ...(args.labels && { labels: args.labels }) },
            type: args.type ?? "Opaque",
            stringData: pulumi.secret(args.data),
        },
        opts,
    );
}

/** The names under which every S3 client reads a key pair from its environment. */
export const BUCKET_KEYS = { accessKeyId: "AWS_ACCESS_KEY_ID", secretAccessKey: "AWS_SECRET_ACCESS_KEY" } as const;

/**
 * A store's key pair for its buckets, where it has one.
 * @param opts which wait for the object store to know the pair: no pod that starts meanwhile is to be refused.
 */
export function bucketKeys(
    name: string,
    namespace: string,
    { keys }: BucketGrant,
    opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret[] {
    if (keys === undefined) return [];
    const data = { [BUCKET_KEYS.accessKeyId]: keys.accessKeyId, [BUCKET_KEYS.secretAccessKey]: keys.secretAccessKey };
    return [secret(name, { name, namespace, data }, opts)];
}
