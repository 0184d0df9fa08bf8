import type { Endpoint } from "../../contracts/contracts";
import type { Flow, NetworkArgs, Peer } from "../../kubernetes/network-policies";
import { NAMESPACE, podLabels, PORTS } from "./names";

export interface CortexNetworkArgs {
    readonly enabled: boolean;
    /** Namespaces of the platform that push and query. */
    readonly writers: readonly string[];
    /** Who else may: a team's own Prometheus, an OpenTelemetry Collector. */
    readonly applications: Peer;
    readonly objectStore: Endpoint;
    readonly alertReceiver: Endpoint;
}

/**
 * Who may speak with Cortex, and whom it speaks to. Pushes and queries share the gateway's port, which no policy can tell
 * apart: whoever may push may also query.
 */
export function cortexNetwork(args: CortexNetworkArgs): NetworkArgs {
    const { enabled, writers, applications, objectStore, alertReceiver } = args;
    // The gateway passes on pushes and queries but none of the calls that stop or flush a pod.
    const at = { ports: [PORTS.http], pods: podLabels("nginx") };
    return {
        namespace: NAMESPACE,
        enabled,
        ingress: [
            { name: "from-applications", peer: applications, ...at },
            ...[...new Set(writers)].map((writer): Flow => ({
                name: `from-${writer}`,
                peer: { namespace: writer },
                ...at,
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
