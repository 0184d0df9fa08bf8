import * as pulumi from "@pulumi/pulumi";
import { KEYS } from "./names";
import type { HubSettings } from "./settings";

/** What a hub's output `clusters` has of each sending cluster. */
interface Membership {
    /** Base address of the ingest gateway. */
    readonly url: string;
    /** Absent where the hub asks for certificates. */
    readonly username?: string;
    readonly password?: string;
    /** Authorities of its certificate, where they are its own. */
    readonly ca?: string;
}

/** Of a sending cluster: its hub's stack, and its name there. */
export interface Joined {
    readonly stack: string;
    readonly cluster: string;
}

/** How the cluster is joined by the hub's stack; undefined where it is by a Secret that others make. */
export function joinedBy(settings: HubSettings, cluster: string): Joined | undefined {
    const { stack } = settings;
    return stack === undefined ? undefined : { stack, cluster: settings.cluster ?? cluster };
}

/** The data of the Secret, by the hub's own word; always secret, whatever the hub's stack says of it. */
export function fromStack(joined: Joined, opts: pulumi.CustomResourceOptions) {
    const { stack } = joined;
    const clusters = new pulumi.StackReference(stack, { name: stack }, opts).getOutput("clusters");
    return pulumi.secret(clusters.apply((all: unknown) => secretDataOf(all, joined)));
}

/**
 * What the Secret holds of the hub's output `clusters`.
 * @throws RunError where the hub does not know the cluster; Pulumi prints it without a stack trace.
 */
export function secretDataOf(clusters: unknown, { stack, cluster }: Joined): Record<string, string> {
    const known = typeof clusters === "object" && clusters !== null ? (clusters as Record<string, Membership>) : {};
    const own = Object.hasOwn(known, cluster) ? known[cluster] : undefined;
    if (own !== undefined) return secretData(own);
    const names = Object.keys(known);
    throw new pulumi.RunError(
        `The hub's stack ${stack} knows no cluster ${cluster}: its output clusters has ${names.join(", ") || "none"}. ` +
            "Add it there and deploy the hub first, or write hub: { cluster: <its name there> }.",
    );
}

function secretData({ url, username, password, ca }: Membership): Record<string, string> {
    return {
        [KEYS.url]: url,
        ...(username !== undefined && { [KEYS.username]: username }),
        ...(password !== undefined && { [KEYS.password]: password }),
        ...(ca !== undefined && { [KEYS.ca]: ca }),
    };
}
