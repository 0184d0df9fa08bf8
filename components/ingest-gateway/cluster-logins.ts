import * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings } from "./client-settings";
import type { IngestGatewaySettings } from "./settings";
import { usersOf } from "./users";

/** What a cluster is told to send its signals here. */
export interface ClusterLogin {
    /** The gateway's address, without a path. */
    readonly url: string;
    /** What it sends is kept as this tenant's. */
    readonly tenant: string;
    /** Absent where clients prove themselves by certificates. */
    readonly username?: string;
    readonly password?: string;
    /** Authorities of the gateway's certificate, in PEM; absent where it is a public one. */
    readonly ca?: string;
}

/** Passwords by the user's name. */
export type Passwords = Readonly<Record<string, pulumi.Output<string>>>;

/**
 * What each cluster is told, by its name; a secret as a whole. A revoked one is told nothing.
 * @param passwords of the gateway's users; none where clients prove themselves by certificates.
 * @param gateway its address, and the tenant of whoever names none.
 */
export function clusterLogins(
    { clusters, ca }: Pick<IngestGatewaySettings, "clusters" | "ca">,
    passwords: Passwords | undefined,
    gateway: { readonly url: string; readonly tenant: string },
): pulumi.Output<Record<string, ClusterLogin>> {
    const login = (cluster: ClusterSettings) => {
        const username = usersOf(cluster).newest.name;
        return {
            url: gateway.url,
            tenant: cluster.tenant ?? gateway.tenant,
            ...(passwords && { username, password: passwords[username] }),
            ...(ca !== undefined && { ca }),
        };
    };
    const told = clusters.filter(({ revoked }) => revoked !== true).map((each) => [each.name, login(each)] as const);
    return pulumi.secret(pulumi.output(Object.fromEntries(told)));
}
