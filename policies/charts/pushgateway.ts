import type { ChartRules } from "./chart-rules";
import { on } from "./checks";

export const pushgateway: ChartRules = {
    reads: ["persistentVolume.enabled"],
    durability: [on("persistentVolume.enabled", "observability:pushgateway.values")],
};
