import type * as pulumi from "@pulumi/pulumi";
import type { Endpoint, Ready } from "./ready";

/** A PostgreSQL database. */
export interface Database extends Ready {
    readonly host: string;
    readonly port: number;
    readonly name: string;
    readonly user: string;
    readonly password: pulumi.Output<string>;
    /** Raised for each new password; who uses it writes it on its pods, so that a new one rolls them. */
    readonly rotation: number;
    readonly peer: Endpoint;
    /** What runs it, and is there once: another database waits for this too. */
    readonly base: pulumi.Resource[];
}
