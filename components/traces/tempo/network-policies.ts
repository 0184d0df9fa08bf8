import type { ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { MONITORING } from "../../kubernetes/namespaces";
import { flowsFrom } from "../../kubernetes/access-labels";
import {
    type ClusterNetwork,
    flowsToBuckets,
    flowTo,
    type Flow,
    type NetworkArgs,
    type Peer,
} from "../../kubernetes/network-policies";
import { CANARY_LABELS, NAMESPACE, podLabels, PORTS } from "./names";

export interface TempoNetworkArgs {
    readonly cluster: ClusterNetwork;
    /** One process instead of services of their own. */
    readonly single: boolean;
    /** Namespaces of the platform whose pods push spans. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** Who else may query. */
    readonly readers: Peer | undefined;
    readonly objectStore: Pick<ObjectStore, "peer" | "identityAgents">;
    readonly metricsStore: Endpoint;
}

const PUSH = [PORTS.otlpGrpc, PORTS.otlpHttp, PORTS.jaegerGrpc, PORTS.jaegerThriftHttp, PORTS.zipkin];

/** What Tempo's pods send and take. Among themselves they may do anything. */
export function tempoNetwork(args: TempoNetworkArgs): NetworkArgs {
    const { single, pushFrom, queryFrom, readers } = args;
    const taking = podLabels(single ? undefined : "distributor");
    const answering = podLabels(single ? undefined : "query-frontend");
    const ingress: Flow[] = [
        {
            name: "from-prometheus",
            peer: { namespace: MONITORING },
            ports: [PORTS.http, PORTS.memcachedExporter],
        },
        {
            name: "canary-from-prometheus",
            peer: { namespace: MONITORING },
            ports: [PORTS.canary],
            pods: CANARY_LABELS,
        },
        ...flowsFrom("push", pushFrom, undefined, { ports: PUSH, pods: taking }),
        ...flowsFrom("query", queryFrom, readers, { ports: [PORTS.http], pods: answering }),
    ];
    if (!single) {
        const pods = podLabels("gateway");
        ingress.push(
            ...flowsFrom("gateway-push", pushFrom, undefined, { ports: [PORTS.gatewayPush, PORTS.otlpGrpc], pods }),
            ...flowsFrom("gateway-query", queryFrom, readers, { ports: [PORTS.gatewayQuery], pods }),
        );
    }
    return {
        namespace: NAMESPACE,
        cluster: args.cluster,
        ingress,
        egress: [...flowsToBuckets(args.objectStore), flowTo("to-metrics-store", args.metricsStore)],
    };
}
