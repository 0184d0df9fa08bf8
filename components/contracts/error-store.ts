import type { Ready } from "./ready";

/** Where a project's DSN is: the address, with a key in it, that its SDK sends events to. */
export interface Dsn {
    readonly namespace: string;
    /** A Secret of that namespace. */
    readonly secret: string;
    /** Key of the Secret. */
    readonly key: string;
}

/** Errors of applications: what Sentry's SDKs send, in. */
export interface ErrorStore extends Ready {
    /** Where people open it. */
    readonly url: string;
    /** URL that answers 200 while it serves. */
    readonly healthUrl: string;
    /** DSNs by the name of their project. */
    readonly dsns: Readonly<Record<string, Dsn>>;
}
