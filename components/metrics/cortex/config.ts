import { MESSAGE } from "../../contracts/push-sizes";
import { GOSSIP_ADDRESS, HA_LABELS, PORTS } from "./names";
import { has } from "../../kubernetes/versions";
import type { PlatformSettings } from "../../settings/platform";
import { changedLimits, ofTenant } from "../../settings/overrides";
import { goDuration, hours } from "../../settings/units";
import type { CortexValuesArgs } from "./values-args";

/** Every ring but the ingesters' would look for Consul on localhost. */
const memberlist = { kvstore: { store: "memberlist" } };

/**
 * Cortex' own configuration, over the chart's. Cortex refuses unknown keys at its start, so every key here is one of
 * the pinned version's reference.
 */
export function cortexConfig(args: CortexValuesArgs): Record<string, unknown> {
    const { platform, settings } = args;
    const { replicas, replicationFactor, windows } = settings;
    const zones = zoneAware(platform) ? { zone_awareness_enabled: true } : {};
    return {
        // Each request says in X-Scope-OrgID whose it is.
        auth_enabled: true,
        memberlist: {
            bind_port: PORTS.gossip,
            join_members: [GOSSIP_ADDRESS],
            // The Service lists only ready pods: with rejoining, the first ones wait for each other and splits heal.
            rejoin_interval: "1m",
            abort_if_cluster_join_fails: false,
        },
        blocks_storage: {
            ...bucketConfig(args, settings.buckets.blocks),
            // Outside `limits` Cortex reads Go durations.
            tsdb: { retention_period: goDuration(windows.ingesterRetention) },
        },
        ruler_storage: bucketConfig(args, settings.buckets.ruler),
        ingester: {
            lifecycler: {
                // The same place in the ring after a restart.
                tokens_file_path: "/data/tokens",
                ring: { replication_factor: replicationFactor, ...zones, ...memberlist },
            },
        },
        distributor: { ha_tracker: { enable_ha_tracker: true, ...memberlist } },
        querier: {
            query_store_after: goDuration(windows.queryStoreAfter),
            query_ingesters_within: goDuration(windows.queryIngestersWithin),
        },
        // Alone, a store gateway or a compactor need not wait for a ring to settle; two without one do all work twice.
        store_gateway: {
            sharding_enabled: replicas.storeGateway > 1,
            sharding_ring: {
                replication_factor: replicationFactor,
                tokens_file_path: "/data/tokens",
                ...zones,
                ...memberlist,
            },
        },
        compactor: { data_dir: "/data", sharding_enabled: replicas.compactor > 1, sharding_ring: memberlist },
        ruler: {
            enable_sharding: replicas.ruler > 1,
            ring: memberlist,
            // The address is an SRV record: every Alertmanager is told.
            enable_alertmanager_discovery: true,
            alertmanager_url: args.alertReceiver.srvUrl,
            external_labels: { cluster: platform.cluster },
        },
        // Answers of ingesters and store gateways grow with the query: the chart's 10 MiB fail a wide one.
        server: {
            grpc_server_max_recv_msg_size: MESSAGE,
            grpc_server_max_send_msg_size: MESSAGE,
        },
        ingester_client: {
            grpc_client_config: { max_recv_msg_size: MESSAGE, max_send_msg_size: MESSAGE },
        },
        limits: limits(settings),
        // One query of several tenants. It opens nothing: whoever may name one tenant may name each.
        ...(Object.keys(args.tenants).length > 0 && { tenant_federation: { enabled: true } }),
    };
}

/** Whether the rings place copies by zone. */
export function zoneAware({ survives, kubernetes }: Pick<PlatformSettings, "survives" | "kubernetes">): boolean {
    return survives === "zone" && has(kubernetes, "zoneLabelOnPods");
}

/** No keys: the SDK takes them from the environment, so that this configuration holds no secret. */
function bucketConfig({ objectStore }: CortexValuesArgs, bucket: string) {
    return {
        backend: "s3",
        s3: {
            endpoint: objectStore.endpoint,
            region: objectStore.region,
            bucket_name: bucket,
            insecure: !objectStore.tls,
            bucket_lookup_type: objectStore.pathStyle ? "path" : "virtual-hosted",
        },
    };
}

function limits({ limits: given, retention }: CortexValuesArgs["settings"]) {
    return {
        accept_ha_samples: true,
        // Never "cluster": monitors of other charts write that label on their series, and each of its values would
        // hold an election of its own.
        ha_cluster_label: HA_LABELS.cluster,
        ha_replica_label: HA_LABELS.replica,
        compactor_blocks_retention_period: retention,
        ingestion_rate: given.ingestionRate,
        ingestion_burst_size: given.ingestionBurst,
        max_label_names_per_series: given.maxLabelNames,
        // The limits of a single ingester are off: the one for all of them holds, however many they are.
        max_series_per_user: 0,
        max_series_per_metric: 0,
        max_global_series_per_user: given.maxSeries,
        max_exemplars: given.maxExemplars,
        enable_native_histograms: true,
        out_of_order_time_window: given.outOfOrder,
        // Late samples must not find their place already taken by a cached result.
        max_cache_freshness: `${Math.max(10, Math.ceil(hours(given.outOfOrder) * 60))}m`,
        max_outstanding_requests_per_tenant: given.maxOutstandingQueries,
    };
}

/** What Cortex reads again while it runs: each tenant, with what differs from the limits of all. */
export function runtimeConfig({ settings, tenants }: CortexValuesArgs): Record<string, unknown> {
    const overrides = Object.entries(tenants).map(([name, own]) => [
        name,
        changedLimits(limits(ofTenant(settings, own)), limits(settings)),
    ]);
    return { overrides: Object.fromEntries(overrides) };
}
