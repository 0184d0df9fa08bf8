import type * as pulumi from "@pulumi/pulumi";
import type { Resource } from "@pulumi/pulumi";
import { hashedPassword, secret } from "../../kubernetes/credentials";
import { keyFile, KEY_FILES } from "../search-gateway";
import { GATEWAY_KEYS, NAMESPACE, SETUP_USERS, USERS, userSecret, type User } from "./names";

/** Each user's password for those who come with it, its digest for the setup, and the reader's for the gateway. */
export function makeUsers(rotation: number, opts: pulumi.CustomResourceOptions): Resource[] {
    const made = USERS.map((user) => {
        const parent = opts.parent === undefined ? {} : { parent: opts.parent };
        return { user, ...hashedPassword(`opensearch-${user}`, rotation, parent) };
    });
    const digests = Object.fromEntries(made.map(({ user, hash }) => [`${user}.json`, hash.apply(userBody)]));
    const reader = made.find(({ user }) => user === "reader")?.password;
    if (reader === undefined) throw new Error("OpenSearch has no reader.");
    return [
        ...made.map(({ user, password }) =>
            secret(
                userSecret(user),
                { name: userSecret(user), namespace: NAMESPACE, data: { username: user, password } },
                opts,
            ),
        ),
        secret(SETUP_USERS, { name: SETUP_USERS, namespace: NAMESPACE, data: digests }, opts),
        secret(
            GATEWAY_KEYS,
            {
                name: GATEWAY_KEYS,
                namespace: NAMESPACE,
                data: { [KEY_FILES.reader]: reader.apply((password) => keyFile(basic("reader", password))) },
            },
            opts,
        ),
    ];
}

/** As the security plugin takes a user: https://docs.opensearch.org/latest/security/access-control/api/#create-user */
export function userBody(hash: string): string {
    return JSON.stringify({ hash });
}

function basic(user: User, password: string): string {
    return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
