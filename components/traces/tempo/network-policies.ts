import type { Endpoint } from "../../contracts/contracts";
import type { Flow, NetworkArgs, Peer } from "../../kubernetes/network-policies";
import { CANARY_LABELS, MONITORING_NAMESPACE, NAMESPACE, podLabels, PORTS } from "./names";

export interface TempoNetworkArgs {
    readonly enabled: boolean;
    /** One process instead of services of their own. */
    readonly single: boolean;
    readonly writers: readonly string[];
    readonly readers: readonly string[];
    readonly objectStore: Endpoint;
    readonly metricsStore: Endpoint;
}

const PUSH = [PORTS.otlpGrpc, PORTS.otlpHttp, PORTS.jaegerGrpc, PORTS.jaegerThriftHttp, PORTS.zipkin];

/** What Tempo's pods send and take. Among themselves they may do anything. */
export function tempoNetwork(args: TempoNetworkArgs): NetworkArgs {
    const { single, writers, readers } = args;
    const taking = podLabels(single ? undefined : "distributor");
    const answering = podLabels(single ? undefined : "query-frontend");
    const ingress: Flow[] = [
        {
            name: "from-prometheus",
            peer: { namespace: MONITORING_NAMESPACE },
            ports: [PORTS.http, PORTS.memcachedExporter],
        },
        {
            name: "canary-from-prometheus",
            peer: { namespace: MONITORING_NAMESPACE },
            ports: [PORTS.canary],
            pods: CANARY_LABELS,
        },
        ...writers.map((namespace) => ({
            name: `push-from-${namespace}`,
            peer: { namespace },
            ports: PUSH,
            pods: taking,
        })),
        ...readers.map((namespace) => ({
            name: `query-from-${namespace}`,
            peer: { namespace },
            ports: [PORTS.http],
            pods: answering,
        })),
    ];
    if (!single) {
        for (const namespace of new Set([...writers, ...readers])) {
            const ports = [PORTS.gateway, PORTS.otlpGrpc];
            ingress.push({ name: `gateway-from-${namespace}`, peer: { namespace }, ports, pods: podLabels("gateway") });
        }
    }
    return {
        namespace: NAMESPACE,
        enabled: args.enabled,
        ingress,
        egress: [
            { name: "to-object-store", peer: peerOf(args.objectStore), ports: [args.objectStore.podPort] },
            { name: "to-metrics-store", peer: peerOf(args.metricsStore), ports: [args.metricsStore.podPort] },
        ],
    };
}

function peerOf({ namespace }: Endpoint): Peer {
    return namespace === undefined ? "anywhere" : { namespace };
}
