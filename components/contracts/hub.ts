import type { Endpoint, Ready } from "./ready";

/** The way out of this cluster to the hub, which keeps what is sent: an address inside, by the paths of `PUSH_PATHS`. */
export interface HubGateway extends Ready {
    /** Base URL in this cluster. */
    readonly url: string;
    readonly endpoint: Endpoint;
    /** How long the hub may be away at a time with nothing lost, as `12h`. */
    readonly offline: string;
}
