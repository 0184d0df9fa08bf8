import type * as pulumi from "@pulumi/pulumi";

/** `ready`: the resources that must be up before the addresses of a contract answer; consumers put them into `dependsOn`. */
export interface Ready {
    readonly ready: pulumi.Resource[];
}

/** A peer in the cluster, as network policies need it. `namespace: undefined` means an address outside the cluster. */
export interface Endpoint {
    readonly namespace: string | undefined;
    /** TCP port that the target's pods listen on (not the Service's port: policies see pods). */
    readonly podPort: number;
}
