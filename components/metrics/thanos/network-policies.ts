import type { ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { MONITORING } from "../../kubernetes/namespaces";
import { callerFlows, type Callers } from "../../kubernetes/access-labels";
import { type ClusterNetwork, flowsToBuckets, flowTo, type NetworkArgs } from "../../kubernetes/network-policies";
import { NAMESPACE, podLabels, PORTS } from "./names";

export interface ThanosNetworkArgs extends Callers {
    readonly cluster: ClusterNetwork;
    /** Where queriers ask Prometheus' sidecars; undefined where there are none. */
    readonly sidecars?: Endpoint | undefined;
    readonly objectStore: Pick<ObjectStore, "peer" | "identityAgents">;
}

/** Parts that open the bucket, as the chart calls them in labels. */
const OPEN_BUCKET = ["receive-ingestor", "store-gateway", "compact"] as const;

/** Who may speak with Thanos, and whom it speaks to: all but scrapes pass the gateway, which asks for a tenant. */
export function thanosNetwork(args: ThanosNetworkArgs): NetworkArgs {
    const { cluster, objectStore, sidecars } = args;
    const pods = podLabels("gateway");
    return {
        namespace: NAMESPACE,
        cluster,
        ingress: [
            ...callerFlows(args, { push: PORTS.push, query: PORTS.query, pods }),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports: [PORTS.http, PORTS.cacheMetrics] },
        ],
        egress: [
            ...OPEN_BUCKET.flatMap((part) =>
                flowsToBuckets(objectStore, podLabels(part)).map((flow) => ({ ...flow, name: `${part}-${flow.name}` })),
            ),
            ...(sidecars === undefined ? [] : [flowTo("query-to-sidecars", sidecars, podLabels("query"))]),
        ],
    };
}
