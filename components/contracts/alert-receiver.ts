import type { Endpoint } from "./ready";

/** Where rulers send alerts. */
export interface AlertReceiver {
    /** URL with a DNS SRV host (`_http-web._tcp.…`), so that every Alertmanager of the cluster is told. */
    readonly srvUrl: string;
    readonly peer: Endpoint;
}
