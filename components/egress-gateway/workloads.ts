import { counted, type Workload } from "../kubernetes/workload";
import { LABELS } from "./names";

/** The slice of the settings. */
export const AT = "hub";

export const egressGatewayReplicated = counted(
    { name: "egress-gateway", settings: AT },
    {
        gateway: {
            setting: `${AT}.replicas`,
            labels: LABELS,
            least: 2,
            why: "while its node is away nothing reaches the hub",
        },
    },
);

export const egressGatewayWorkloads: readonly Workload[] = Object.values(egressGatewayReplicated);
