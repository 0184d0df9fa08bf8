import type { Endpoint } from "../../contracts/ready";
import { callerFlows, type Callers } from "../../kubernetes/access-labels";
import { MONITORING } from "../../kubernetes/namespaces";
import { type ClusterNetwork, type Flow, flowTo, type NetworkArgs } from "../../kubernetes/network-policies";
import {
    NAMESPACE,
    operatedLabels,
    OPERATOR_LABELS,
    podLabels,
    PORTS,
    SINGLE_LABELS,
    VMAGENT,
    VMALERT,
    VMAUTH,
} from "./names";

export interface VmNetworkArgs extends Callers {
    readonly cluster: ClusterNetwork;
    /** One process instead of services of their own. */
    readonly single: boolean;
    /** Where backups go, if there are any. */
    readonly objectStore: Endpoint | undefined;
    /** Where alerts of VictoriaMetrics' own objects go, where those are scraped and evaluated. */
    readonly alertReceiver: Endpoint | undefined;
}

/** Who may speak with VictoriaMetrics, and whom it speaks to. Pushes and queries have a port of vmauth each. */
export function vmNetwork(args: VmNetworkArgs): NetworkArgs {
    const { cluster, single, objectStore, alertReceiver } = args;
    const pods = single ? SINGLE_LABELS : podLabels(VMAUTH);
    const programs = single ? [PORTS.single] : [PORTS.vminsert, PORTS.vmselect, PORTS.vmstorage];
    const ports = [PORTS.pushMetrics, PORTS.queryMetrics, ...programs, ...(alertReceiver ? OBJECT_PORTS : [])];
    const holders = single ? SINGLE_LABELS : podLabels("vmstorage");
    return {
        namespace: NAMESPACE,
        cluster,
        ingress: [
            ...callerFlows(args, { push: PORTS.push, query: PORTS.query, pods }),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports },
        ],
        egress: [
            ...(objectStore === undefined ? [] : [flowTo("to-object-store", objectStore, holders)]),
            ...(alertReceiver === undefined ? [] : objectFlows(cluster, alertReceiver)),
        ],
    };
}

const OBJECT_PORTS = [PORTS.vmagent, PORTS.vmalert, PORTS.operatorMetrics];

/** Targets of objects are anywhere, on any port: pods by namespace (some CNIs do not count them as addresses), nodes by address. */
function objectFlows({ apiServer }: ClusterNetwork, alertReceiver: Endpoint): Flow[] {
    const [operator, vmagent] = [{ ...OPERATOR_LABELS }, operatedLabels(VMAGENT)];
    return [
        // Before a CNI translates the Service's address, and after; vmagent reaches every port anyway.
        {
            name: "operator-to-api-server",
            peer: "anywhere",
            ports: [...new Set([443, apiServer.port])],
            pods: operator,
        },
        { name: "scrape-pods", peer: "cluster", ports: [], pods: vmagent },
        { name: "scrape-nodes", peer: "anywhere", ports: [], pods: vmagent },
        flowTo("to-alertmanager", alertReceiver, operatedLabels(VMALERT)),
    ];
}
