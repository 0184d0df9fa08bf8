import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { BucketGrant, BucketRequest, KeyPair } from "../../contracts/object-store";
import { password } from "../../kubernetes/credentials";
import type { MinioSettings } from "./settings";
import { isMade, usersAt, type Role, type User } from "./users";

export interface UserKeys extends User {
    readonly accessKeyId: pulumi.Output<string>;
    /** Absent where no rotation has called for it yet. */
    readonly secretAccessKey: pulumi.Output<string> | undefined;
}

/** The newest key pair of a role at a store's buckets, with both users that have keys to them. */
export interface RoleKeys extends BucketGrant {
    readonly keys: KeyPair;
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
    const accessKeyId = (user: User) =>
        accessKey(`${name}-${user.name}`, role === "owner" ? store : `${store}-r`, opts);
    const secretAccessKey = (user: User) => password(`${name}-${user.name}`, user.rotation, opts);
    const granted = { ...newest, accessKeyId: accessKeyId(newest), secretAccessKey: secretAccessKey(newest) };
    const other = {
        ...before,
        accessKeyId: accessKeyId(before),
        secretAccessKey: isMade(before) ? secretAccessKey(before) : undefined,
    };
    return {
        store,
        buckets,
        keys: {
            accessKeyId: granted.accessKeyId,
            secretAccessKey: granted.secretAccessKey,
            rotation: granted.rotation,
        },
        accountAnnotations: {},
        users: [granted, other],
    };
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
