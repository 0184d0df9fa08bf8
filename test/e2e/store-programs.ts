import { join } from "node:path";
import { freePorts } from "./control-plane";
import type { Programs } from "./programs";

/** Programs of the platform that are asked, where they are on PATH, beside Prometheus. */
export const STORE_PROGRAMS = ["alertmanager", "minio", "cortex", "loki"] as const;
export type StoreProgram = (typeof STORE_PROGRAMS)[number];

/** The tenant in Cortex and Loki. */
export const TENANT = "e2e";
export const TENANT_HEADER = { "X-Scope-OrgID": TENANT };

/** Base addresses of what runs. */
export type Addresses = Readonly<Partial<Record<StoreProgram, string>>> & { readonly prometheus: string };

/**
 * Starts the stores that are there and a Prometheus which scrapes them and the exporter, each with the labels that it
 * has in the cluster, and writes to the exporter and to Cortex.
 */
export async function startStores(
    programs: Programs,
    here: ReadonlySet<StoreProgram>,
    exporterPort: number,
): Promise<Addresses> {
    const started: [StoreProgram, number][] = [];
    for (const store of STORE_PROGRAMS.filter((program) => here.has(program))) {
        const [http = 0, other = 0] = await freePorts(2);
        await START[store](programs, http, other);
        started.push([store, http]);
    }
    const [port = 0] = await freePorts(1);
    const ports = new Map(started);
    const config = programs.file("prometheus.yaml", prometheusConfig(programs, port, exporterPort, ports));
    await programs.start(
        "prometheus",
        [
            `--config.file=${config}`,
            `--storage.tsdb.path=${programs.data("prometheus")}`,
            `--web.listen-address=127.0.0.1:${port}`,
        ],
        `${local(port)}/-/ready`,
    );
    return { ...Object.fromEntries(started.map(([store, http]) => [store, local(http)])), prometheus: local(port) };
}

const local = (port: number) => `http://127.0.0.1:${port}`;

const START: Record<StoreProgram, (programs: Programs, http: number, other: number) => Promise<void>> = {
    alertmanager: (programs, http, gossip) =>
        programs.start(
            "alertmanager",
            [
                `--config.file=${programs.file("alertmanager.yaml", { route: { receiver: "none" }, receivers: [{ name: "none" }] })}`,
                `--storage.path=${programs.data("alertmanager")}`,
                `--web.listen-address=127.0.0.1:${http}`,
                `--cluster.listen-address=127.0.0.1:${gossip}`,
            ],
            `${local(http)}/-/ready`,
        ),
    minio: async (programs, http) => {
        const drives = [1, 2, 3, 4].map((drive) => programs.data(`drive${drive}`));
        await programs.start(
            "minio",
            ["server", "--quiet", "--address", `127.0.0.1:${http}`, ...drives],
            `${local(http)}/minio/health/ready`,
            { MINIO_PROMETHEUS_AUTH_TYPE: "public", MINIO_UPDATE: "off", MINIO_CI_CD: "1" },
        );
        // Refused, and so counted: requests have series from the first one on.
        await fetch(`${local(http)}/bucket/object`);
    },
    cortex: (programs, http, grpc) =>
        programs.start(
            "cortex",
            [`-config.file=${programs.file("cortex.yaml", cortexConfig(programs, http, grpc))}`],
            `${local(http)}/ready`,
        ),
    loki: (programs, http, grpc) =>
        programs.start(
            "loki",
            [`-config.file=${programs.file("loki.yaml", lokiConfig(programs, http, grpc))}`],
            `${local(http)}/ready`,
        ),
};

function prometheusConfig(
    programs: Programs,
    own: number,
    exporterPort: number,
    ports: ReadonlyMap<StoreProgram, number>,
): Record<string, unknown> {
    const job = (port: number | undefined, labels: Record<string, string>, metrics_path = "/metrics") =>
        port === undefined
            ? []
            : [
                  {
                      job_name: `${port}${metrics_path}`,
                      honor_labels: true,
                      metrics_path,
                      static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { cluster: "e2e", ...labels } }],
                  },
              ];
    const pod = (namespace: string) => ({ namespace, pod: `${namespace}-0` });
    const cortex = ports.get("cortex");
    return {
        global: {
            scrape_interval: "1s",
            evaluation_interval: "1s",
            // As the platform's own Prometheus.
            scrape_native_histograms: true,
            always_scrape_classic_histograms: true,
        },
        rule_files: [programs.file("rules.yaml", rules)],
        remote_write: [
            { url: `${local(exporterPort)}/` },
            ...(cortex === undefined
                ? []
                : [{ url: `${local(cortex)}/api/v1/push`, headers: TENANT_HEADER, send_native_histograms: true }]),
        ],
        scrape_configs: [
            ...job(exporterPort, {}),
            ...job(own, pod("monitoring")),
            ...job(ports.get("alertmanager"), pod("monitoring")),
            ...job(ports.get("minio"), pod("minio"), "/minio/v2/metrics/node"),
            ...job(ports.get("minio"), { namespace: "minio" }, "/minio/v2/metrics/cluster"),
            ...job(cortex, pod("cortex")),
            ...job(ports.get("loki"), pod("loki")),
        ],
    };
}

const alwaysFiring = (alert: string, severity: string) => ({
    alert,
    expr: "vector(1)",
    labels: { severity, cluster: "e2e", namespace: "e2e" },
});

/** One rule for each kind of alert that queries ask for. */
const rules = {
    groups: [
        {
            name: "e2e",
            rules: [
                alwaysFiring("Watchdog", "none"),
                alwaysFiring("Example", "critical"),
                alwaysFiring("Other", "warning"),
            ],
        },
    ],
};

/** Cortex in one process, with blocks on disk. */
function cortexConfig(programs: Programs, http: number, grpc: number): Record<string, unknown> {
    const ring = { kvstore: { store: "inmemory" } };
    return {
        target: "distributor,ingester,querier,query-frontend,store-gateway",
        auth_enabled: true,
        server: {
            http_listen_address: "127.0.0.1",
            http_listen_port: http,
            grpc_listen_address: "127.0.0.1",
            grpc_listen_port: grpc,
        },
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
function lokiConfig(programs: Programs, http: number, grpc: number): Record<string, unknown> {
    const data = programs.data("loki");
    return {
        auth_enabled: true,
        server: {
            http_listen_address: "127.0.0.1",
            http_listen_port: http,
            grpc_listen_address: "127.0.0.1",
            grpc_listen_port: grpc,
        },
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
