import { join } from "node:path";
import type { Programs } from "./programs";

/** Ports on loopback that a store listens on. */
export interface StorePorts {
    readonly http: number;
    /** gRPC, or gossip. */
    readonly grpc: number;
    /** OTLP over HTTP. */
    readonly otlp: number;
    /** Prometheus, which takes what is written to it. */
    readonly prometheus: number;
}

export const local = (port: number) => `http://127.0.0.1:${port}`;

/** The section `server`, which all stores have in common. */
function listening({ http, grpc }: Pick<StorePorts, "http" | "grpc">): Record<string, unknown> {
    return {
        http_listen_address: "127.0.0.1",
        http_listen_port: http,
        grpc_listen_address: "127.0.0.1",
        grpc_listen_port: grpc,
    };
}

/** Cortex in one process, with blocks on disk. */
export function cortexConfig(programs: Programs, { http, grpc }: StorePorts): Record<string, unknown> {
    const ring = { kvstore: { store: "inmemory" } };
    return {
        target: "distributor,ingester,querier,query-frontend,store-gateway",
        auth_enabled: true,
        server: listening({ http, grpc }),
        limits: { enable_native_histograms: true },
        distributor: { ring, shard_by_all_labels: true },
        querier: { store_gateway_addresses: `127.0.0.1:${grpc}` },
        frontend_worker: { frontend_address: `127.0.0.1:${grpc}` },
        ingester: {
            lifecycler: {
                ring: { ...ring, replication_factor: 1 },
                address: "127.0.0.1",
                min_ready_duration: "0s",
                final_sleep: "0s",
            },
        },
        blocks_storage: {
            backend: "filesystem",
            filesystem: { dir: programs.data("cortex-blocks") },
            tsdb: { dir: programs.data("cortex-tsdb") },
            bucket_store: { sync_dir: programs.data("cortex-sync") },
        },
    };
}

/** Loki in one process, with everything on disk. */
export function lokiConfig(
    programs: Programs,
    { http, grpc }: Pick<StorePorts, "http" | "grpc">,
    data = programs.data("loki"),
): Record<string, unknown> {
    return {
        auth_enabled: true,
        server: listening({ http, grpc }),
        common: {
            instance_addr: "127.0.0.1",
            path_prefix: data,
            replication_factor: 1,
            ring: { kvstore: { store: "inmemory" } },
            storage: { filesystem: { chunks_directory: join(data, "chunks"), rules_directory: join(data, "rules") } },
        },
        schema_config: {
            configs: [
                {
                    from: "2024-01-01",
                    store: "tsdb",
                    object_store: "filesystem",
                    schema: "v13",
                    index: { prefix: "index_", period: "24h" },
                },
            ],
        },
        analytics: { reporting_enabled: false },
    };
}

/** Tempo in one process, with everything on disk; spans are searched for, and counted, as soon as they are there. */
export function tempoConfig(programs: Programs, { http, grpc, otlp, prometheus }: StorePorts): Record<string, unknown> {
    const data = programs.data("tempo");
    return {
        server: listening({ http, grpc }),
        distributor: { receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${otlp}` } } } } },
        ingester: QUICK_INGESTER,
        storage: {
            trace: { backend: "local", local: { path: join(data, "blocks") }, wal: { path: join(data, "wal") } },
        },
        overrides: { defaults: { metrics_generator: { processors: ["service-graphs", "span-metrics"] } } },
        metrics_generator: {
            registry: { collection_interval: "1s", external_labels: { cluster: "e2e", source: "tempo" } },
            storage: { path: join(data, "generator"), remote_write: [{ url: `${local(prometheus)}/api/v1/write` }] },
        },
        usage_report: { reporting_enabled: false },
    };
}

/** An ingester of Tempo that is ready at once, and lets spans be searched for within a second or two. */
export const QUICK_INGESTER = {
    lifecycler: { min_ready_duration: "0s" },
    trace_idle_period: "500ms",
    flush_check_period: "500ms",
};
