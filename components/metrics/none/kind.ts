import { z } from "zod";
import type { RoleKind } from "../../settings/slice";
import { describe } from "../../settings/types";

export const noSecondMetricsSettings = z.strictObject({
    kind: describe(z.literal("none"), {
        description:
            "A second metrics store beside the first, to move from one to the other: Prometheus writes to both, Grafana reads both. Below it stand the same settings as below `metrics`.",
    }),
});

/** No second store: what nearly every stack has. */
export const noSecondMetricsKind = {
    kind: "none",
    namespaces: [],
    charts: [],
    workloads: [],
    told: () => undefined,
    schema: noSecondMetricsSettings,
    defaults: () => ({ kind: "none" as const }),
    rules: () => [],
} satisfies RoleKind<typeof noSecondMetricsSettings>;
