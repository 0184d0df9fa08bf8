import type { ObjectStore } from "../../contracts/object-store";
import { MONITORING } from "../../kubernetes/namespaces";
import { flowsToBuckets, type ClusterNetwork, type Flow, type NetworkArgs } from "../../kubernetes/network-policies";
import { CLUSTERS, DATABASE_NAMESPACE, OPERATOR_LABELS, OPERATOR_NAMESPACE, PORTS } from "./names";

type Archive = Pick<ObjectStore, "peer" | "identityAgents">;

/**
 * What the instances send and take. Replication stays within the namespace.
 * @param archive the object store that they archive to; undefined where they do not.
 */
export function databaseNetwork(cluster: ClusterNetwork, archive: Archive | undefined): NetworkArgs {
    return {
        namespace: DATABASE_NAMESPACE,
        cluster,
        ingress: [
            { name: "from-grafana", peer: { namespace: MONITORING }, ports: [PORTS.postgres] },
            { name: "from-operator", peer: { namespace: OPERATOR_NAMESPACE }, ports: [PORTS.status, PORTS.postgres] },
            { name: "from-prometheus", peer: { namespace: MONITORING }, ports: [PORTS.instanceMetrics] },
        ],
        ...(archive && { egress: flowsToBuckets(archive) }),
        // Each instance reads its cluster and holds the primary's lease through the API server.
        apiServer: true,
    };
}

/** From whoever keeps errors, to the instances for them alone. */
export function fromErrors(namespace: string): Flow {
    return { name: "from-errors", peer: { namespace }, ports: [PORTS.postgres], pods: { ...CLUSTERS.errors.labels } };
}

/** What the operator sends and takes. It calls the plugin within the namespace. */
export function operatorNetwork(platform: ClusterNetwork): NetworkArgs {
    return {
        namespace: OPERATOR_NAMESPACE,
        cluster: platform,
        ingress: [
            // The API server calls the webhooks, from an address that no selector can name.
            {
                name: "from-api-server",
                peer: "anywhere",
                ports: [platform.apiServer.webhookPort ?? PORTS.webhook],
                pods: OPERATOR_LABELS,
            },
            { name: "from-prometheus", peer: { namespace: MONITORING }, ports: [PORTS.operatorMetrics] },
        ],
        egress: [
            { name: "to-instances", peer: { namespace: DATABASE_NAMESPACE }, ports: [PORTS.status, PORTS.postgres] },
        ],
        apiServer: true,
    };
}
