import type { K8sMonitoringSettings } from "../collectors/k8s-monitoring/settings";
import { NAME, otlpGrpcUrl } from "../signoz/names";
import type { Settings } from "./slices";

/** Settings of the collectors, with what this stack runs itself among their further destinations. */
export function collecting({
    k8sMonitoring,
    signoz,
}: Pick<Settings, "k8sMonitoring" | "signoz">): K8sMonitoringSettings {
    if (!signoz.enabled) return k8sMonitoring;
    const copy = { name: NAME, kind: "otlp", protocol: "grpc", url: otlpGrpcUrl } as const;
    return { ...k8sMonitoring, destinations: [...k8sMonitoring.destinations, copy] };
}
