import { WORKLOADS } from "../catalogue.gen";
import type { Workload } from "./workload";

/** Values that rules read beside the workloads' own. */
const MORE: Readonly<Record<string, readonly string[]>> = {
    minio: ["mode", "drivesPerNode", "pools", "persistence.enabled", "existingSecret", "rootUser", "users"],
    cortex: [
        ...["ingester", "store_gateway", "compactor"].map((at) => `${at}.persistentVolume.enabled`),
        ...["ingester.statefulSet.enabled", "config.ingester.lifecycler.ring.replication_factor"],
        ...["config.ingester.lifecycler.ring.kvstore.store", "config.store_gateway.sharding_enabled"],
        ...["config.store_gateway.sharding_ring.replication_factor", "config.compactor.sharding_enabled"],
        ...["config.ruler.enable_sharding", "config.limits.compactor_blocks_retention_period"],
        ...["config.blocks_storage.backend", "config.distributor.ha_tracker.enable_ha_tracker"],
        ...["config.limits.accept_ha_samples", "config.limits.ha_cluster_label", "config.limits.ha_replica_label"],
    ],
    loki: [
        ...["deploymentMode", "loki.commonConfig.replication_factor", "loki.storage.type", "loki.ingester.wal.enabled"],
        ...["loki.compactor.retention_enabled", "loki.limits_config.retention_period", "minio.enabled"],
        ...["ingester", "compactor", "indexGateway", "ruler", "singleBinary"].flatMap((at) => [
            `${at}.persistence.enabled`,
            `${at}.persistence.inMemory`,
        ]),
    ],
    "tempo-distributed": [
        ...["ingester.config.replication_factor", "storage.trace.backend", "metricsGenerator.kind", "minio.enabled"],
        ...["ingester", "metricsGenerator"].flatMap((at) => [
            `${at}.persistence.enabled`,
            `${at}.persistence.inMemory`,
        ]),
        "compactor.config.compaction.block_retention",
    ],
    tempo: ["persistence.enabled", "tempo.retention", "tempo.storage.trace.backend", "replicas"],
    "kube-prometheus-stack": [
        ...["prometheus.prometheusSpec.storageSpec", "prometheus.prometheusSpec.retention", "prometheus.agentMode"],
        ...["alertmanager.alertmanagerSpec.storage", "grafana.persistence.enabled", "grafana.persistence.type"],
        ...["grafana.admin.existingSecret", 'grafana."grafana.ini".database.type'],
        ...["prometheus.prometheusSpec.prometheusExternalLabelName", "prometheus.prometheusSpec.remoteWrite"],
        ...[
            "prometheus.prometheusSpec.replicaExternalLabelName",
            "prometheus.prometheusSpec.replicaExternalLabelNameClear",
        ],
        "prometheus.prometheusSpec.prometheusExternalLabelNameClear",
    ],
    "prometheus-pushgateway": ["persistentVolume.enabled"],
    "k8s-monitoring": ["alloy-metrics", "alloy-receiver", "alloy-events", "alloy-logs"].flatMap((name) => [
        `collectors.${name}.presets`,
        `collectors.${name}.controller.type`,
        `collectors.${name}.controller.volumeClaimTemplates`,
    ]),
};

/** Paths at which placement stands: of their defaults only the kind of rule is kept. */
export function placementPaths(chart: string): ReadonlySet<string> {
    return new Set(
        of(chart).flatMap(({ affinity, spread }) => [affinity, spread].filter((path) => path !== undefined)),
    );
}

/** Every path at which a rule may need a chart's default. */
export function readPaths(chart: string): readonly string[] {
    return [...new Set([...of(chart).flatMap(pathsOf), ...(MORE[chart] ?? [])])].sort();
}

export const READ_CHARTS: readonly string[] = [
    ...new Set([...WORKLOADS.map(({ chart }) => chart), ...Object.keys(MORE)]),
];

function of(chart: string): readonly Workload[] {
    return WORKLOADS.filter((workload) => workload.chart === chart);
}

function pathsOf(w: Workload): string[] {
    const budget = w.budget && [w.budget.at, w.budget.beside, w.budget.switch && `${w.budget.at}.${w.budget.switch}`];
    return [
        w.replicas,
        ...w.needs,
        ...w.scalers.flatMap(({ on, least }) => [on, least]),
        ...[w.onlyIf?.path, w.affinity, w.apart?.path, w.apart?.topology, w.spread, w.strategy, w.resources],
        ...(budget ?? []),
    ].filter((path) => path !== undefined);
}
