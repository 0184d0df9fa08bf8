import { z } from "zod";
import { CANNOT_KEEP } from "../../settings/sender";
import { about, describe, flag } from "../../settings/types";

/** Metrics that the hub keeps. What its store takes is the hub's to know, and said here since nobody asks it. */
export const remoteMetricsSettings = z
    .strictObject({
        kind: describe(z.literal("remote"), { description: "What keeps the metrics." }),
        replicaLabel: z.enum(["keep", "drop"]).register(about, {
            allowed: "keep or drop",
            example: "keep",
            description:
                "The label of the replica on what a pair of Prometheus sends: kept for a hub whose store tells replicas apart by it (cortex, thanos), dropped for one that keeps one of equal series (victoriametrics).",
        }),
        exemplars: describe(flag, {
            description: "Send exemplars; off where the hub's store keeps none (victoriametrics).",
        }),
        nativeHistograms: describe(flag, {
            description: "Send native histograms; off where the hub's store keeps none (victoriametrics).",
        }),
    })
    .register(about, {
        cannot: {
            ...CANNOT_KEEP,
            objects:
                "remove it, and write ServiceMonitor and PrometheusRule objects: VictoriaMetrics' own are for metrics: { kind: victoriametrics } alone",
        },
    });

export type RemoteMetricsSettings = z.infer<typeof remoteMetricsSettings>;
