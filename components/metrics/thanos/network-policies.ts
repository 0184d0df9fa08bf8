import type { ObjectStore } from "../../contracts/object-store";
import { MONITORING } from "../../kubernetes/namespaces";
import { flowsFrom } from "../../kubernetes/access-labels";
import { type ClusterNetwork, flowsToBuckets, type NetworkArgs, type Peer } from "../../kubernetes/network-policies";
import { NAMESPACE, podLabels, PORTS } from "./names";

export interface ThanosNetworkArgs {
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
}

/** Parts that open the bucket, as the chart calls them in labels. */
const OPEN_BUCKET = ["receive-ingestor", "store-gateway", "compact"] as const;

/** Who may speak with Thanos, and whom it speaks to: all but scrapes pass the gateway, which asks for a tenant. */
export function thanosNetwork(args: ThanosNetworkArgs): NetworkArgs {
    const { cluster, pushFrom, queryFrom, applications, readers, objectStore } = args;
    const pods = podLabels("gateway");
    return {
        namespace: NAMESPACE,
        cluster,
        ingress: [
            ...flowsFrom("push", pushFrom, applications, { ports: [PORTS.push], pods }),
            ...flowsFrom("query", queryFrom, readers, { ports: [PORTS.query], pods }),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports: [PORTS.http] },
        ],
        egress: OPEN_BUCKET.flatMap((part) =>
            flowsToBuckets(objectStore, podLabels(part)).map((flow) => ({ ...flow, name: `${part}-${flow.name}` })),
        ),
    };
}
