import type { ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { MONITORING } from "../../kubernetes/namespaces";
import { callerFlows, type Callers } from "../../kubernetes/access-labels";
import { type ClusterNetwork, flowsToBuckets, flowTo, type NetworkArgs } from "../../kubernetes/network-policies";
import { NAMESPACE, podLabels, PORTS } from "./names";

export interface CortexNetworkArgs extends Callers {
    readonly cluster: ClusterNetwork;
    readonly objectStore: Pick<ObjectStore, "peer" | "identityAgents">;
    readonly alertReceiver: Endpoint;
}

/**
 * Who may speak with Cortex, and whom it speaks to. Pushes and queries have a port of the gateway each, which passes on none
 * of the calls that stop or flush a pod.
 */
export function cortexNetwork(args: CortexNetworkArgs): NetworkArgs {
    const { cluster, objectStore, alertReceiver } = args;
    const pods = podLabels("nginx");
    return {
        namespace: NAMESPACE,
        cluster,
        ingress: [
            ...callerFlows(args, { push: PORTS.http, query: PORTS.query, pods }),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports: [PORTS.http, PORTS.cacheMetrics] },
        ],
        egress: [...flowsToBuckets(objectStore), flowTo("to-alertmanager", alertReceiver, podLabels("ruler"))],
    };
}
