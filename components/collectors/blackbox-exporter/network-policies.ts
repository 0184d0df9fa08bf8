import type { ClusterNetwork, NetworkArgs } from "../../kubernetes/network-policies";
import { LABELS, NAMESPACE } from "./names";

/** What the exporter sends: probes to anywhere, on any port. Prometheus is in the same namespace and may ask it. */
export function blackboxExporterFlows(cluster: ClusterNetwork): NetworkArgs {
    return {
        namespace: NAMESPACE,
        cluster,
        egress: [
            // Pods by namespace (some CNIs do not count them as addresses), all else by address.
            { name: "probe-pods", peer: "cluster", ports: [], pods: LABELS },
            { name: "probe-addresses", peer: "anywhere", ports: [], pods: LABELS },
        ],
    };
}
