import type { Endpoint } from "../contracts";
import type { Flow, NetworkArgs, Peer } from "../network";
import { NAMESPACE, podLabels, PORTS } from "./addresses";

export interface CortexNetworkArgs {
    readonly enabled: boolean;
    readonly writers: readonly string[];
    readonly objectStore: Endpoint;
    readonly alertReceiver: Endpoint;
}

/** Who may speak with Cortex, and whom it speaks to. */
export function cortexNetwork({ enabled, writers, objectStore, alertReceiver }: CortexNetworkArgs): NetworkArgs {
    return {
        namespace: NAMESPACE,
        enabled,
        ingress: [
            // To the gateway only, which passes on pushes and queries but none of the calls that stop or flush a pod.
            ...[...new Set(writers)].map((writer): Flow => ({
                name: `from-${writer}`,
                peer: { namespace: writer },
                ports: [PORTS.http],
                pods: podLabels("nginx"),
            })),
            { name: "from-scrapes", peer: { namespace: "monitoring" }, ports: [PORTS.http, PORTS.cacheMetrics] },
        ],
        egress: [
            { name: "to-object-store", peer: peerOf(objectStore), ports: [objectStore.podPort] },
            {
                name: "to-alertmanager",
                peer: peerOf(alertReceiver),
                ports: [alertReceiver.podPort],
                pods: podLabels("ruler"),
            },
        ],
    };
}

function peerOf({ namespace }: Endpoint): Peer {
    return namespace === undefined ? "anywhere" : { namespace };
}
