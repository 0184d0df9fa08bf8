import type { System } from "../contracts/system";
import type { Panel } from "../dashboards/spec";
import { clientRules } from "./alerts";
import { clustersDashboard } from "./dashboard";
import { NAMESPACE } from "./names";

/** @param tenants what stores show of each tenant. */
export function ingestGatewaySystem(tenants: readonly Panel[]): System {
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
        dashboard: clustersDashboard(tenants),
    };
}
