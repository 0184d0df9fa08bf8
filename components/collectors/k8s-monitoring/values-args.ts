import type { LogSink } from "../../contracts/log-store";
import type { NamespaceTenant } from "../../contracts/tenancy";
import type { MetricsSink } from "../../contracts/metrics-store";
import type { TraceSink } from "../../contracts/trace-store";
import type { PlatformSettings } from "../../settings/platform";
import type { K8sMonitoringSettings } from "./settings";

export interface K8sMonitoringValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: K8sMonitoringSettings;
    /** Namespaces whose pods Prometheus scrapes by the charts' own monitors: their annotations are left alone. */
    readonly scrapedByPrometheus: readonly string[];
    readonly logStore: Pick<LogSink, "push" | "ruler" | "tenancy">;
    readonly traceStore: Pick<TraceSink, "push" | "tenancy">;
    /** Tenants that have namespaces of their own in this cluster; none if absent. */
    readonly namespaceTenants?: readonly NamespaceTenant[];
    readonly metricsStore: Pick<MetricsSink, "push" | "tenancy" | "nativeHistograms" | "offline">;
}

/** Whether collectors keep what they could not send yet on volumes of their own. */
export function isDurable(platform: PlatformSettings): boolean {
    return platform.survives !== "nothing";
}
