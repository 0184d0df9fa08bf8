import { counted, type Workload } from "../../kubernetes/workload";
import { blackboxExporterChart } from "./chart";
import { LABELS } from "./names";

/** The slice of the settings. */
export const AT = "blackboxExporter";

export const blackboxExporterReplicated = counted(
    {
        name: "blackbox-exporter",
        settings: AT,
        chart: blackboxExporterChart.name,
        budget: { at: "podDisruptionBudget" },
    },
    {
        exporter: {
            setting: `${AT}.replicas`,
            role: "",
            at: "",
            labels: LABELS,
            least: 2,
            why: "while its node is away every probe fails, and every alert on one fires",
        },
    },
);

export const blackboxExporterWorkloads: readonly Workload[] = Object.values(blackboxExporterReplicated);
