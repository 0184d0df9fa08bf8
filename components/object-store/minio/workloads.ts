import { counted, type Workload } from "../../kubernetes/workload";
import { minioChart } from "./chart";
import { LABELS } from "./names";

/** The slice of the settings. */
export const AT = "objectStore";

export const minioReplicated = counted(
    {
        name: "minio",
        settings: AT,
        chart: minioChart.name,
        below: { strategy: undefined },
        budget: { at: "podDisruptionBudget", switch: "enabled" },
    },
    {
        servers: {
            setting: `${AT}.servers`,
            at: "",
            labels: LABELS,
            least: { node: 4, zone: 6 },
            only: {
                in: ["zone"],
                holds: (count) => count % 3 === 0,
                words: "a multiple of 3",
                why: "each zone has as many servers as the others",
            },
            standing: "quorum",
            why: "too few drives are left for a write quorum when a node or a zone goes, and every store stops with it",
        },
    },
);

export const minioWorkloads: readonly Workload[] = Object.values(minioReplicated);
