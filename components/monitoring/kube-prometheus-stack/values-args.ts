import type { GrafanaPart } from "../../contracts/grafana";
import type { MetricsSink, MetricsStore } from "../../contracts/metrics-store";
import type { PlatformSettings } from "../../settings/platform";
import type { KubePrometheusStackSettings } from "./settings";

/** What the values follow from: plain data only. */
export interface KubePrometheusStackValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: KubePrometheusStackSettings;
    readonly metricsStore: Pick<
        MetricsSink,
        "push" | "tenancy" | "highAvailability" | "exemplars" | "nativeHistograms" | "offline" | "uploads"
    > &
        Partial<Pick<MetricsStore, "ruleQueries">>;
    /** Another beside it, while a stack moves from one to the other. */
    readonly secondMetricsStore?: KubePrometheusStackValuesArgs["metricsStore"] | undefined;
    readonly grafana: Pick<GrafanaPart, "values">;
}

/** A volume claim as the operator's custom resources take it. */
export function volumeClaim(size: string, storageClass: string | undefined) {
    return {
        volumeClaimTemplate: {
            spec: {
                accessModes: ["ReadWriteOnce"],
                ...(storageClass !== undefined && { storageClassName: storageClass }),
                resources: { requests: { storage: size } },
            },
        },
    };
}
