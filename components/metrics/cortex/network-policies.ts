import type { Endpoint } from "../../contracts/ready";
import { MONITORING } from "../../kubernetes/namespaces";
import { flowTo, type Flow, type NetworkArgs, type Peer } from "../../kubernetes/network-policies";
import { NAMESPACE, podLabels, PORTS } from "./names";

export interface CortexNetworkArgs {
    readonly enabled: boolean;
    /** Namespaces of the platform that push or query. */
    readonly clients: readonly string[];
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
    const { enabled, clients, applications, objectStore, alertReceiver } = args;
    // The gateway passes on pushes and queries but none of the calls that stop or flush a pod.
    const at = { ports: [PORTS.http], pods: podLabels("nginx") };
    return {
        namespace: NAMESPACE,
        enabled,
        ingress: [
            { name: "from-applications", peer: applications, ...at },
            ...[...new Set(clients)].map((namespace): Flow => ({
                name: `from-${namespace}`,
                peer: { namespace },
                ...at,
            })),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports: [PORTS.http, PORTS.cacheMetrics] },
        ],
        egress: [flowTo("to-object-store", objectStore), flowTo("to-alertmanager", alertReceiver, podLabels("ruler"))],
    };
}
