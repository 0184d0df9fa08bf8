import { callerFlows, type Callers } from "../../kubernetes/access-labels";
import { type ClusterNetwork, flowsToUrls, type NetworkArgs } from "../../kubernetes/network-policies";
import { GATEWAY_PORTS } from "../search-gateway";
import { NAMESPACE, podLabels } from "./names";

export interface ElasticsearchNetworkArgs extends Callers {
    readonly cluster: ClusterNetwork;
    /** Where the store is. */
    readonly urls: readonly string[];
}

/** Who may come to the gateway, and that it alone goes on to the store. */
export function elasticsearchNetwork(args: ElasticsearchNetworkArgs): NetworkArgs {
    const pods = podLabels("gateway");
    return {
        namespace: NAMESPACE,
        cluster: args.cluster,
        ingress: callerFlows(args, { ...GATEWAY_PORTS, pods }),
        egress: flowsToUrls("store", pods, args.urls, []),
    };
}
