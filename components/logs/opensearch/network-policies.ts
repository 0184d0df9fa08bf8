import type { ObjectStore } from "../../contracts/object-store";
import { callerFlows, flowsFrom, type Callers } from "../../kubernetes/access-labels";
import { MONITORING } from "../../kubernetes/namespaces";
import { type ClusterNetwork, flowsToBuckets, type NetworkArgs } from "../../kubernetes/network-policies";
import { GATEWAY_PORTS } from "../search-gateway";
import { NAMESPACE, podLabels, PORTS } from "./names";

export interface OpensearchNetworkArgs extends Callers {
    readonly cluster: ClusterNetwork;
    /** Where snapshots go; undefined where none are made. */
    readonly objectStore: Pick<ObjectStore, "peer" | "identityAgents"> | undefined;
}

/**
 * Lines by OTLP, from whoever may push; bulk from applications alone, who show a password. Queries pass the gateway, which
 * shows the reader's. Nodes speak with each other within the namespace, and with nothing outside but the bucket.
 */
export function opensearchNetwork(args: OpensearchNetworkArgs): NetworkArgs {
    const { cluster, applications, objectStore } = args;
    const [push, query] = [PORTS.otlpHttp, GATEWAY_PORTS.query];
    const ways = callerFlows(args, { push, query, pods: podLabels("gateway") }).map((flow) =>
        flow.ports.includes(push)
            ? { ...flow, ports: [PORTS.otlpGrpc, PORTS.otlpHttp], pods: podLabels("otlp") }
            : flow,
    );
    return {
        namespace: NAMESPACE,
        cluster,
        ingress: [
            ...ways,
            ...flowsFrom("bulk", [], applications, { ports: [PORTS.http], pods: podLabels("node") }),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports: [PORTS.otlpMetrics, PORTS.exporter] },
        ],
        egress: objectStore === undefined ? [] : flowsToBuckets(objectStore, podLabels("node")),
    };
}
