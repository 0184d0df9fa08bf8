import type { Endpoint } from "../../contracts/ready";
import { callerFlows, type Callers } from "../../kubernetes/access-labels";
import { MONITORING } from "../../kubernetes/namespaces";
import { type ClusterNetwork, flowTo, type NetworkArgs } from "../../kubernetes/network-policies";
import { NAMESPACE, podLabels, PORTS, SINGLE_LABELS, VMAUTH } from "./names";

export interface VmNetworkArgs extends Callers {
    readonly cluster: ClusterNetwork;
    /** One process instead of services of their own. */
    readonly single: boolean;
    /** Where backups go, if there are any. */
    readonly objectStore: Endpoint | undefined;
}

/** Who may speak with VictoriaMetrics, and whom it speaks to. Pushes and queries have a port of vmauth each. */
export function vmNetwork(args: VmNetworkArgs): NetworkArgs {
    const { cluster, single, objectStore } = args;
    const pods = single ? SINGLE_LABELS : podLabels(VMAUTH);
    const programs = single ? [PORTS.single] : [PORTS.vminsert, PORTS.vmselect, PORTS.vmstorage];
    const ports = [PORTS.pushMetrics, PORTS.queryMetrics, ...programs];
    const holders = single ? SINGLE_LABELS : podLabels("vmstorage");
    return {
        namespace: NAMESPACE,
        cluster,
        ingress: [
            ...callerFlows(args, { push: PORTS.push, query: PORTS.query, pods }),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports },
        ],
        egress: objectStore === undefined ? [] : [flowTo("to-object-store", objectStore, holders)],
    };
}
