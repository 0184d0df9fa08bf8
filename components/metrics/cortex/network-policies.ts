import type { ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { MONITORING } from "../../kubernetes/namespaces";
import { flowsFrom } from "../../kubernetes/access-labels";
import {
    type ClusterNetwork,
    flowsToBuckets,
    flowTo,
    type NetworkArgs,
    type Peer,
} from "../../kubernetes/network-policies";
import { NAMESPACE, podLabels, PORTS } from "./names";

export interface CortexNetworkArgs {
    readonly cluster: ClusterNetwork;
    /** Namespaces of the platform that push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform that query. */
    readonly queryFrom: readonly string[];
    /** Who else may push: a team's own Prometheus, an OpenTelemetry Collector. */
    readonly applications: Peer;
    /** Who else may query. */
    readonly readers: Peer | undefined;
    readonly objectStore: Pick<ObjectStore, "peer" | "identityAgents">;
    readonly alertReceiver: Endpoint;
}

/**
 * Who may speak with Cortex, and whom it speaks to. Pushes and queries have a port of the gateway each, which passes on none
 * of the calls that stop or flush a pod.
 */
export function cortexNetwork(args: CortexNetworkArgs): NetworkArgs {
    const { cluster, pushFrom, queryFrom, applications, readers, objectStore, alertReceiver } = args;
    const pods = podLabels("nginx");
    return {
        namespace: NAMESPACE,
        cluster,
        ingress: [
            ...flowsFrom("push", pushFrom, applications, { ports: [PORTS.http], pods }),
            ...flowsFrom("query", queryFrom, readers, { ports: [PORTS.query], pods }),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports: [PORTS.http, PORTS.cacheMetrics] },
        ],
        egress: [...flowsToBuckets(objectStore), flowTo("to-alertmanager", alertReceiver, podLabels("ruler"))],
    };
}
