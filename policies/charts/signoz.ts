import type { ChartRules } from "./chart-rules";
import { on } from "./checks";

export const signoz: ChartRules = {
    reads: ["signoz.persistence.enabled"],
    durability: [on("signoz.persistence.enabled", "observability:signoz.values")],
};
