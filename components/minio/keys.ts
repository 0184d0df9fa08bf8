import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { BucketGrant, BucketRequest } from "../contracts";
import { password } from "../credentials";
import type { MinioSettings } from "./settings";
import { usersAt, type Role, type User } from "./users";

export interface UserKeys extends User {
    readonly accessKeyId: pulumi.Output<string>;
    readonly secretAccessKey: pulumi.Output<string>;
}

/** The newest key pair of a role at a store's buckets, with both users that have keys to them. */
export interface RoleKeys extends BucketGrant {
    readonly users: readonly UserKeys[];
}

/** Generates the key pairs of one role at a store's buckets. */
export function roleKeys(
    name: string,
    { store, buckets }: BucketRequest,
    role: Role,
    rotation: MinioSettings["rotation"],
    opts: pulumi.CustomResourceOptions,
): RoleKeys {
    const [newest, before] = usersAt(store, role, rotation);
    const keys = (user: User): UserKeys => ({
        ...user,
        accessKeyId: accessKey(`${name}-${user.name}`, role === "owner" ? store : `${store}-r`, opts),
        secretAccessKey: password(`${name}-${user.name}`, user.generation, opts),
    });
    const granted = keys(newest);
    const { accessKeyId, secretAccessKey, generation } = granted;
    return { store, buckets, accessKeyId, secretAccessKey, generation, users: [granted, keys(before)] };
}

/**
 * An access key that cannot be guessed, since flaws of S3 servers have let callers write who knew no more than that.
 * It stays through rotations: a new one would be a new user, and leave the old. MinIO allows 20 characters.
 */
export function accessKey(name: string, prefix: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const length = Math.min(12, 20 - `${prefix}-`.length);
    const { result } = new random.RandomString(`${name}-access-key`, { length, special: false }, opts);
    return pulumi.interpolate`${prefix}-${result}`;
}
