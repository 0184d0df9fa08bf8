import type * as pulumi from "@pulumi/pulumi";
import type { Resource } from "@pulumi/pulumi";
import { hashedPassword, password as generated, secret } from "../../kubernetes/credentials";
import { keyFile, KEY_FILES } from "../search-gateway";
import {
    DASHBOARDS_OIDC,
    DASHBOARDS_USERS,
    GATEWAY_KEYS,
    NAMESPACE,
    SETUP_USERS,
    USERS,
    userSecret,
    type DashboardsUser,
    type User,
} from "./names";
import type { OpensearchSettings } from "./settings";

/** Each user's password for those who come with it, its digest for the setup, and the reader's for the gateway. */
export function makeUsers(
    { rotation, dashboards }: Pick<OpensearchSettings, "rotation" | "dashboards">,
    opts: pulumi.CustomResourceOptions,
): Resource[] {
    const parent = opts.parent === undefined ? {} : { parent: opts.parent };
    const users: readonly (User | DashboardsUser)[] = [...USERS, ...(dashboards.enabled ? DASHBOARDS_USERS : [])];
    const made = users.map((user) => {
        return { user, ...hashedPassword(`opensearch-${user}`, rotation, parent) };
    });
    const digests = Object.fromEntries(made.map(({ user, hash }) => [`${user}.json`, hash.apply(userBody)]));
    const reader = made.find(({ user }) => user === "reader")?.password;
    if (reader === undefined) throw new Error("OpenSearch has no reader.");
    return [
        ...made.map(({ user, password }) =>
            secret(
                userSecret(user),
                {
                    name: userSecret(user),
                    namespace: NAMESPACE,
                    data: {
                        username: user,
                        password,
                        // By which its server seals what browsers keep for it.
                        ...(user === "dashboards" && {
                            cookie: generated("opensearch-dashboards-cookie", rotation, parent),
                        }),
                    },
                },
                opts,
            ),
        ),
        ...(dashboards.oidc === undefined
            ? []
            : [
                  secret(
                      DASHBOARDS_OIDC,
                      {
                          name: DASHBOARDS_OIDC,
                          namespace: NAMESPACE,
                          data: { "client-secret": dashboards.oidc.clientSecret },
                      },
                      opts,
                  ),
              ]),
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
