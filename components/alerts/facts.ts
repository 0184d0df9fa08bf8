import { tooOldHours } from "../backup/settings";
import { tooOldHours as databaseTooOldHours } from "../database/postgres/archive-settings";
import type { Settings } from "../platform/settings";
import { hasDatabase } from "../settings/platform";

/** What the rules follow from: thresholds are never numbers of their own where a setting has them. */
export interface AlertFacts {
    readonly metrics: { readonly replicationFactor: number };
    readonly logs: { readonly replicationFactor: number };
    readonly traces: { readonly replicationFactor: number; readonly compactors: number };
    readonly prometheus: { readonly replicas: number };
    /** MinIO in this cluster, whose own metrics are scraped; false for an outside S3. */
    readonly minio: boolean;
    /** Grafana's PostgreSQL; undefined where Grafana has none. */
    readonly database: { readonly instances: number } | undefined;
    /** Whether addresses are probed. */
    readonly probes: boolean;
    /** Whether pods' log lines are gathered. */
    readonly podLogs: boolean;
    readonly backups: BackupAges;
}

/** Ages in hours at which the last backup is too old; undefined where none are made. */
export interface BackupAges {
    readonly bucketHours: number | undefined;
    readonly databaseHours: number | undefined;
}

/** The one place where the alerts read the settings of other systems. */
export function alertFacts(settings: Settings): AlertFacts {
    const { backup, metrics, logs, traces, kubePrometheusStack, objectStore, database, platform } = settings;
    return {
        metrics: { replicationFactor: metrics.replicationFactor },
        logs: { replicationFactor: logs.replicationFactor },
        traces: { replicationFactor: traces.replicationFactor, compactors: traces.replicas.compactor },
        prometheus: { replicas: kubePrometheusStack.prometheus.replicas },
        minio: objectStore.kind === "minio",
        database: hasDatabase(platform) ? { instances: database.instances } : undefined,
        probes: settings.blackboxExporter.enabled,
        podLogs: settings.k8sMonitoring.features.podLogs,
        backups: {
            bucketHours: backup.target === undefined ? undefined : tooOldHours(backup),
            databaseHours: database.backup && databaseTooOldHours(database.backup),
        },
    };
}
