import type { LogSink } from "../../contracts/log-store";
import type { MetricsSink } from "../../contracts/metrics-store";
import type { TraceSink } from "../../contracts/trace-store";
import { MONITORING } from "../../kubernetes/namespaces";
import { type ClusterNetwork, flowTo, type NetworkArgs, type Peer } from "../../kubernetes/network-policies";
import { COLLECTOR_NAMES, METRICS_PORTS, NAMESPACE, RECEIVER_PORTS } from "./names";

export interface CollectorNetworkArgs {
    readonly cluster: ClusterNetwork;
    /** Who may push. */
    readonly applications: Peer;
    readonly logStore: Pick<LogSink, "push" | "ruler">;
    readonly traceStore: Pick<TraceSink, "push">;
    readonly metricsStore: Pick<MetricsSink, "push">;
}

/** What the collectors send and take. Pods on the host's network (node-exporter) are not held by policies. */
export function collectorNetwork(args: CollectorNetworkArgs): NetworkArgs {
    const { jaegerCompactUdp, ...tcp } = RECEIVER_PORTS;
    const { ruler } = args.logStore;
    return {
        namespace: NAMESPACE,
        cluster: args.cluster,
        ingress: [
            {
                name: "from-applications",
                peer: args.applications,
                ports: [...Object.values(tcp), { port: jaegerCompactUdp, protocol: "UDP" }],
                pods: { "app.kubernetes.io/name": COLLECTOR_NAMES.receiver },
            },
            { name: "from-prometheus", peer: { namespace: MONITORING }, ports: Object.values(METRICS_PORTS) },
        ],
        egress: [
            flowTo("to-log-store", args.logStore.push.endpoint),
            ...(ruler === undefined
                ? []
                : [flowTo("to-log-ruler", ruler.endpoint, { "app.kubernetes.io/name": COLLECTOR_NAMES.events })]),
            flowTo("to-trace-store", args.traceStore.push.endpoint),
            flowTo("to-metrics-store", args.metricsStore.push.endpoint),
            {
                name: "to-annotated-targets",
                peer: "cluster",
                // Any port: the target's annotation names it.
                ports: [],
                pods: { "app.kubernetes.io/name": COLLECTOR_NAMES.metrics },
            },
        ],
        // For discovery, for events, and for the operator that makes the collectors.
        apiServer: true,
    };
}
