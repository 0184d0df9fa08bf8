import type { LogStore, MetricsStore, TraceStore } from "../../contracts/contracts";
import type { PlatformSettings } from "../../settings/platform";
import type { K8sMonitoringSettings } from "./settings";

export interface K8sMonitoringValuesArgs {
    readonly platform: PlatformSettings;
    readonly settings: K8sMonitoringSettings;
    readonly logStore: Pick<LogStore, "pushUrl" | "otlpUrl" | "rulerUrl" | "tenant">;
    readonly traceStore: Pick<TraceStore, "otlpGrpc" | "tenant">;
    readonly metricsStore: Pick<MetricsStore, "pushUrl" | "tenant">;
}

/** Whether collectors keep what they could not send yet on volumes of their own. */
export function isDurable(platform: PlatformSettings): boolean {
    return platform.survives !== "nothing";
}
