import { changedLimits, ofTenant } from "../../settings/overrides";
import { hours, queryWindow } from "../../settings/units";
import { replayCeiling } from "./memory";
import { CANARY_TENANT, NAMESPACE } from "./names";
import type { LokiSettings } from "./settings";
import type { ChartValues } from "./values.gen";
import type { LokiValuesArgs } from "./values-args";

/** Loki's own configuration. Loki refuses to start on a key that it does not know. */
export function lokiConfig(args: LokiValuesArgs): NonNullable<ChartValues["loki"]> {
    const { settings, platform, objectStore } = args;
    return {
        auth_enabled: true,
        analytics: { reporting_enabled: false },
        commonConfig: { replication_factor: settings.replicationFactor },
        extraMemberlistConfig: {
            // Pod addresses are reused: without a label the rings of two systems may grow together.
            cluster_label: `${NAMESPACE}.loki`,
            // It joins again each 90 s: an ingester that ends instead, for a name that does not resolve, only adds to that.
            abort_if_cluster_join_fails: false,
        },
        // The default of 5s cuts queries off.
        server: { graceful_shutdown_timeout: "30s" },
        ingester: { wal: { flush_on_shutdown: true, replay_memory_ceiling: replayCeiling(settings.memory.ingester) } },
        schemaConfig: {
            configs: settings.schema.map(({ from, store, schema }) => ({
                from,
                store,
                schema,
                object_store: "s3",
                index: { prefix: "loki_index_", period: "24h" },
            })),
        },
        storage: {
            type: "s3",
            bucketNames: { ...settings.buckets },
            // The key pair comes from the environment.
            s3: {
                endpoint: `${objectStore.tls ? "https" : "http"}://${objectStore.endpoint}`,
                insecure: !objectStore.tls,
                region: objectStore.region,
                s3ForcePathStyle: objectStore.pathStyle,
            },
        },
        // Without the store of delete requests, retention stops every process.
        compactor: { retention_enabled: true, delete_request_store: "s3" },
        limits_config: limits(settings),
        // One query of several tenants. It opens nothing: whoever may name one tenant may name each.
        ...(Object.keys(args.tenants).length > 0 && { querier: { multi_tenant_queries_enabled: true } }),
        runtimeConfig: { overrides: overrides(args) },
        rulerConfig: {
            // An SRV name: every Alertmanager behind it is told.
            alertmanager_url: args.alertmanagerUrl,
            enable_alertmanager_discovery: true,
            // Otherwise every ruler runs every rule.
            enable_sharding: platform.survives !== "nothing",
            // The ruler adds the header of the rule's tenant itself.
            remote_write: { enabled: true, clients: { metrics: { url: args.metricsPushUrl } } },
        },
    };
}

function limits({ retention, limits }: LokiSettings) {
    return {
        retention_period: `${hours(retention)}h`,
        // Loki's own limit of 30 days would refuse a range over all that is kept.
        max_query_length: queryWindow(retention),
        ingestion_rate_mb: limits.ingestionRateMb,
        ingestion_burst_size_mb: limits.ingestionBurstMb,
        max_global_streams_per_user: limits.maxStreams,
    };
}

/** What Loki reads again while it runs. */
function overrides({ settings, tenants }: LokiValuesArgs) {
    const ofTenants = Object.entries(tenants).map(([name, own]) => [
        name,
        changedLimits(limits(ofTenant(settings, own)), limits(settings)),
    ]);
    return {
        ...(Object.fromEntries(ofTenants) as Record<string, object>),
        [CANARY_TENANT]: { retention_period: "24h" },
    };
}
