import { counted, type Workload } from "../kubernetes/workload";
import { LABELS } from "./names";

/** The slice of the settings. */
export const AT = "ingestGateway";

export const ingestGatewayReplicated = counted(
    { name: "ingest-gateway", settings: AT },
    {
        gateway: {
            setting: `${AT}.replicas`,
            labels: LABELS,
            least: 2,
            why: "while its node is away nothing from outside is taken in",
        },
    },
);

export const ingestGatewayWorkloads: readonly Workload[] = Object.values(ingestGatewayReplicated);
