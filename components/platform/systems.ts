import { backupSystem } from "../backup/system";
import { blackboxExporterSystem } from "../collectors/blackbox-exporter/system";
import { collectorsSystem } from "../collectors/k8s-monitoring/system";
import type { System } from "../contracts/system";
import { prometheusSystem } from "../monitoring/kube-prometheus-stack/system";
import { keepsDatabase, keepsObjects } from "./buckets";
import { kindOf, sends, type Role } from "./roles";
import type { Settings } from "./settings";

/**
 * What the systems of a stack tell of themselves; one that it does not have tells nothing. Pages put their panels in this
 * order: who sends comes before who stores.
 */
export function systemsOf(settings: Settings): System[] {
    const { backup, blackboxExporter, k8sMonitoring } = settings;
    const { replicas, samplesPerScrape } = settings.kubePrometheusStack.prometheus;
    const toldBy = (role: Role) => kindOf(role, settings).told(settings[role], { prometheusReplicas: replicas });
    const metricsStore = toldBy("metrics");
    const told = [
        prometheusSystem({
            ...{ replicas, samplesPerScrape },
            ...(sends("metrics", settings)
                ? { metricsStore: "the hub", unsentFor: settings.hub.offline }
                : { metricsStore: metricsStore?.title ?? "the metrics store" }),
        }),
        collectorsSystem(k8sMonitoring),
        metricsStore,
        toldBy("logs"),
        toldBy("traces"),
        keepsObjects(settings) ? toldBy("objectStore") : undefined,
        backup.target && backupSystem(backup),
        keepsDatabase(settings) ? toldBy("database") : undefined,
        blackboxExporter.enabled ? blackboxExporterSystem() : undefined,
    ];
    return told.filter((system) => system !== undefined);
}
