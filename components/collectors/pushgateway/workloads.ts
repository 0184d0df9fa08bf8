import { workload, type Workload } from "../../kubernetes/workload";
import { pushgatewayChart } from "./chart";
import { LABELS } from "./names";

/** The slice of the settings. */
const AT = "pushgateway";

export const pushgatewayWorkloads: readonly Workload[] = [
    workload(
        { name: "pushgateway", settings: AT, chart: pushgatewayChart.name, below: { replicas: "replicaCount" } },
        "pushgateway",
        {
            role: "",
            at: "",
            labels: LABELS,
            least: 1,
            exactly: true,
            why: "none: jobs push into nothing; two: each keeps for ever what the other has newer",
        },
    ),
];
