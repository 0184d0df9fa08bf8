import type { Database, LogStore, MetricsStore, TraceStore } from "../../contracts/contracts";
import type { PlatformSettings } from "../../settings/platform";
import type { KubePrometheusStackSettings } from "./settings";

/** What the values follow from: plain data only. */
export interface KubePrometheusStackValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: KubePrometheusStackSettings;
    /** Tenants beside the platform's own: Grafana shows each by data sources of its own. */
    readonly tenants: readonly string[];
    readonly metricsStore: Pick<MetricsStore, "pushUrl" | "queryUrl" | "tenant">;
    readonly logStore: Pick<LogStore, "queryUrl" | "tenant">;
    readonly traceStore: Pick<TraceStore, "queryUrl" | "tenant" | "multitenancy">;
    /** Grafana's PostgreSQL; without it Grafana keeps SQLite on a volume. */
    readonly database: Pick<Database, "host" | "port" | "name" | "user" | "generation"> | undefined;
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
