import type { ObjectStore } from "../../contracts/object-store";
import type { Endpoint } from "../../contracts/ready";
import { MONITORING } from "../../kubernetes/namespaces";
import { callerFlows, type Callers } from "../../kubernetes/access-labels";
import { flowsToBuckets, flowTo, type Flow } from "../../kubernetes/network-policies";
import type { Survives } from "../../kubernetes/placement";
import { LOKI_PODS, podLabels, PORTS } from "./names";

/** The workload that runs the rules. */
function rulerComponent(survives: Survives): string {
    return survives === "nothing" ? "single-binary" : "ruler";
}

/** Who may come in. */
export interface LokiClients extends Callers {
    /** Namespace of what writes rules. Nobody else may: a rule sees every line, and alerts and metrics are made of it. */
    readonly rulesFrom: string;
}

/**
 * What may come in. Pushes and queries have a port of the gateway each: a tenant's name is no secret, so that whoever
 * reaches the port of queries reads every line. Rules are written past the gateway, which refuses them.
 */
export function lokiIngress(survives: Survives, clients: LokiClients): Flow[] {
    const { rulesFrom } = clients;
    return [
        ...callerFlows(clients, { push: PORTS.push, query: PORTS.query, pods: podLabels("gateway") }),
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
