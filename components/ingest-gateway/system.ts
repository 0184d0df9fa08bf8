import type { System } from "../contracts/system";
import { clientRules } from "./alerts";
import { clustersDashboard } from "./dashboard";
import { NAMESPACE } from "./names";

export function ingestGatewaySystem(): System {
    return {
        role: "ingest",
        title: "Ingest gateway",
        namespaces: [NAMESPACE],
        alerts: { clients: clientRules() },
        // A cluster whose link is cut is one message, and a gateway that is down is not one for each cluster.
        inhibitions: [
            { source: "ClusterSilent", targets: ["ClusterSignalSilent"], equal: ["cluster", "client"] },
            {
                source: "IngestGatewayDown",
                targets: ["ClusterSilent", "ClusterSignalSilent", "ClientPushesRefused"],
                equal: ["cluster"],
            },
        ],
        dashboard: clustersDashboard(),
    };
}
