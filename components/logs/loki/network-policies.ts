import type { ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { MONITORING } from "../../kubernetes/namespaces";
import { flowsFrom } from "../../kubernetes/access-labels";
import { flowsToBuckets, flowTo, type Flow, type Peer } from "../../kubernetes/network-policies";
import type { Survives } from "../../kubernetes/placement";
import { LOKI_PODS, podLabels, PORTS } from "./names";

/** The workload that runs the rules. */
function rulerComponent(survives: Survives): string {
    return survives === "nothing" ? "single-binary" : "ruler";
}

/** Who may come in. */
export interface LokiClients {
    /** Namespaces of the platform whose pods push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform whose pods query. */
    readonly queryFrom: readonly string[];
    /** Namespace of what writes rules. Nobody else may: a rule sees every line, and alerts and metrics are made of it. */
    readonly rulesFrom: string;
    /** Who else may push: Fluent Bit, Fluentd and other shippers. */
    readonly applications: Peer;
    /** Who else may query. */
    readonly readers: Peer | undefined;
}

/**
 * What may come in. Pushes and queries have a port of the gateway each: a tenant's name is no secret, so that whoever
 * reaches the port of queries reads every line. Rules are written past the gateway, which refuses them.
 */
export function lokiIngress(survives: Survives, clients: LokiClients): Flow[] {
    const { pushFrom, queryFrom, rulesFrom, applications, readers } = clients;
    const pods = podLabels("gateway");
    return [
        ...flowsFrom("push", pushFrom, applications, { ports: [PORTS.push], pods }),
        ...flowsFrom("query", queryFrom, readers, { ports: [PORTS.query], pods }),
        {
            name: `rules-from-${rulesFrom}`,
            peer: { namespace: rulesFrom },
            ports: [PORTS.http],
            pods: podLabels(rulerComponent(survives)),
        },
        {
            name: "from-prometheus",
            peer: { namespace: MONITORING },
            ports: [PORTS.http, PORTS.canary, PORTS.gatewayExporter, PORTS.cacheExporter],
        },
    ];
}

/** Who stands at the other ends of what goes out. */
export interface LokiPeers {
    readonly objectStore: Pick<ObjectStore, "peer" | "identityAgents">;
    readonly alertReceiver: Endpoint;
    readonly metricsStore: Endpoint;
}

/** What may go out: to the object store from every Loki pod, alerts and samples from where rules run. */
export function lokiEgress(survives: Survives, peers: LokiPeers): Flow[] {
    const ruler = podLabels(rulerComponent(survives));
    return [
        ...flowsToBuckets(peers.objectStore, LOKI_PODS),
        flowTo("to-alertmanager", peers.alertReceiver, ruler),
        flowTo("to-metrics-store", peers.metricsStore, ruler),
    ];
}
