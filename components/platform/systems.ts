import { backupSystem } from "../backup/system";
import { blackboxExporterSystem } from "../collectors/blackbox-exporter/system";
import { collectorsSystem } from "../collectors/k8s-monitoring/system";
import type { System } from "../contracts/system";
import { postgresSystem } from "../database/postgres/system";
import type { DatabaseSettings } from "../database/settings";
import { lokiSystem } from "../logs/loki/system";
import type { LogsSettings } from "../logs/settings";
import { cortexSystem } from "../metrics/cortex/system";
import type { MetricsSettings } from "../metrics/settings";
import { prometheusSystem } from "../monitoring/kube-prometheus-stack/system";
import { minioSystem } from "../object-store/minio/system";
import type { ObjectStoreSettings } from "../object-store/settings";
import { hasDatabase } from "../settings/platform";
import type { TracesSettings } from "../traces/settings";
import { tempoSystem } from "../traces/tempo/system";
import type { Settings } from "./settings";

/** By the kind of a role what tells of it; undefined where nothing of it runs in the cluster. */
type Tell<Chosen extends { readonly kind: string }> = Readonly<
    Record<Chosen["kind"], ((settings: Chosen, replicas: number) => System) | undefined>
>;

const METRICS: Tell<MetricsSettings> = {
    cortex: ({ replicationFactor }, replicas) => cortexSystem({ replicationFactor, deduplicates: replicas > 1 }),
};
const LOGS: Tell<LogsSettings> = { loki: lokiSystem };
const TRACES: Tell<TracesSettings> = {
    tempo: ({ replicationFactor, replicas }) => tempoSystem({ replicationFactor, compactors: replicas.compactor }),
};
const OBJECT_STORE: Tell<ObjectStoreSettings> = { minio: minioSystem, s3: undefined };
const DATABASE: Tell<DatabaseSettings> = { postgres: postgresSystem };

/**
 * What the systems of a stack tell of themselves; one that it does not have tells nothing. Pages put their panels in this
 * order: who sends comes before who stores.
 */
export function systemsOf(settings: Settings): System[] {
    const { backup, blackboxExporter, database, k8sMonitoring, logs, metrics, objectStore, platform, traces } =
        settings;
    const { replicas } = settings.kubePrometheusStack.prometheus;
    const metricsStore = METRICS[metrics.kind]?.(metrics, replicas);
    const told = [
        prometheusSystem({ replicas, metricsStore: metricsStore?.title ?? "the metrics store" }),
        collectorsSystem(k8sMonitoring),
        metricsStore,
        LOGS[logs.kind]?.(logs, replicas),
        TRACES[traces.kind]?.(traces, replicas),
        OBJECT_STORE[objectStore.kind]?.(objectStore, replicas),
        backup.target && backupSystem(backup),
        hasDatabase(platform) ? DATABASE[database.kind]?.(database, replicas) : undefined,
        blackboxExporter.enabled ? blackboxExporterSystem() : undefined,
    ];
    return told.filter((system) => system !== undefined);
}
