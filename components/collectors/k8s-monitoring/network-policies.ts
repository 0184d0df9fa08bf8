import type { Endpoint, LogStore, MetricsStore, TraceStore } from "../../contracts/contracts";
import type { Flow, NetworkArgs, Peer } from "../../kubernetes/network-policies";
import { COLLECTORS, METRICS_PORTS, NAMESPACE, RECEIVER_PORTS } from "./names";

export interface CollectorNetworkArgs {
    readonly enabled: boolean;
    /** Who may push. */
    readonly applications: Peer;
    readonly logStore: Pick<LogStore, "peer" | "ruler">;
    readonly traceStore: Pick<TraceStore, "push">;
    readonly metricsStore: Pick<MetricsStore, "peer">;
}

/** What the collectors send and take. Pods on the host's network (node-exporter) are not held by policies. */
export function collectorNetwork(args: CollectorNetworkArgs): NetworkArgs {
    const { jaegerCompactUdp, ...tcp } = RECEIVER_PORTS;
    return {
        namespace: NAMESPACE,
        enabled: args.enabled,
        ingress: [
            {
                name: "from-applications",
                peer: args.applications,
                ports: [...Object.values(tcp), { port: jaegerCompactUdp, protocol: "UDP" }],
                pods: { "app.kubernetes.io/name": COLLECTORS.receiver },
            },
            { name: "from-prometheus", peer: { namespace: "monitoring" }, ports: Object.values(METRICS_PORTS) },
        ],
        egress: [
            to("to-log-store", args.logStore.peer),
            { ...to("to-log-ruler", args.logStore.ruler), pods: { "app.kubernetes.io/name": COLLECTORS.events } },
            to("to-trace-store", args.traceStore.push),
            to("to-metrics-store", args.metricsStore.peer),
            {
                name: "to-annotated-targets",
                peer: "cluster",
                // Any port: the target's annotation names it.
                ports: [],
                pods: { "app.kubernetes.io/name": COLLECTORS.metrics },
            },
        ],
        // For discovery, for events, and for the operator that makes the collectors.
        apiServer: true,
    };
}

function to(name: string, endpoint: Endpoint): Flow {
    const { namespace, podPort } = endpoint;
    return { name, peer: namespace === undefined ? "anywhere" : { namespace }, ports: [podPort] };
}
