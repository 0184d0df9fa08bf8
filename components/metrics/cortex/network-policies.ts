import type { Endpoint } from "../../contracts/ready";
import { MONITORING } from "../../kubernetes/namespaces";
import { flowsFrom } from "../../kubernetes/access-labels";
import { flowTo, type NetworkArgs, type Peer } from "../../kubernetes/network-policies";
import { NAMESPACE, podLabels, PORTS } from "./names";

export interface CortexNetworkArgs {
    readonly enabled: boolean;
    /** Namespaces of the platform that push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform that query. */
    readonly queryFrom: readonly string[];
    /** Who else may push: a team's own Prometheus, an OpenTelemetry Collector. */
    readonly applications: Peer;
    /** Who else may query. */
    readonly readers: Peer | undefined;
    readonly objectStore: Endpoint;
    readonly alertReceiver: Endpoint;
}

/**
 * Who may speak with Cortex, and whom it speaks to. Pushes and queries have a port of the gateway each, which passes on none
 * of the calls that stop or flush a pod.
 */
export function cortexNetwork(args: CortexNetworkArgs): NetworkArgs {
    const { enabled, pushFrom, queryFrom, applications, readers, objectStore, alertReceiver } = args;
    const pods = podLabels("nginx");
    return {
        namespace: NAMESPACE,
        enabled,
        ingress: [
            ...flowsFrom("push", pushFrom, applications, { ports: [PORTS.http], pods }),
            ...flowsFrom("query", queryFrom, readers, { ports: [PORTS.query], pods }),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports: [PORTS.http, PORTS.cacheMetrics] },
        ],
        egress: [flowTo("to-object-store", objectStore), flowTo("to-alertmanager", alertReceiver, podLabels("ruler"))],
    };
}
