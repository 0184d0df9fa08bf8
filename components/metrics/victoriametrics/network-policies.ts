import type { Endpoint } from "../../contracts/ready";
import { flowsFrom } from "../../kubernetes/access-labels";
import { MONITORING } from "../../kubernetes/namespaces";
import { type ClusterNetwork, flowTo, type NetworkArgs, type Peer } from "../../kubernetes/network-policies";
import { NAMESPACE, podLabels, PORTS, SINGLE_LABELS, VMAUTH } from "./names";

export interface VmNetworkArgs {
    readonly cluster: ClusterNetwork;
    /** One process instead of services of their own. */
    readonly single: boolean;
    /** Namespaces of the platform that push. */
    readonly pushFrom: readonly string[];
    /** Namespaces of the platform that query. */
    readonly queryFrom: readonly string[];
    /** Who else may push: a team's own Prometheus, an OpenTelemetry Collector. */
    readonly applications: Peer;
    /** Who else may query. */
    readonly readers: Peer | undefined;
    /** Where backups go, if there are any. */
    readonly objectStore: Endpoint | undefined;
}

/** Who may speak with VictoriaMetrics, and whom it speaks to. Pushes and queries have a port of vmauth each. */
export function vmNetwork(args: VmNetworkArgs): NetworkArgs {
    const { cluster, single, pushFrom, queryFrom, applications, readers, objectStore } = args;
    const pods = single ? SINGLE_LABELS : podLabels(VMAUTH);
    const programs = single ? [PORTS.single] : [PORTS.vminsert, PORTS.vmselect, PORTS.vmstorage];
    const ports = [PORTS.pushMetrics, PORTS.queryMetrics, ...programs];
    const holders = single ? SINGLE_LABELS : podLabels("vmstorage");
    return {
        namespace: NAMESPACE,
        cluster,
        ingress: [
            ...flowsFrom("push", pushFrom, applications, { ports: [PORTS.push], pods }),
            ...flowsFrom("query", queryFrom, readers, { ports: [PORTS.query], pods }),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports },
        ],
        egress: objectStore === undefined ? [] : [flowTo("to-object-store", objectStore, holders)],
    };
}
