import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cadvisor, alloy, kubeStateMetrics, minio, postgresQueries } from "./documents";
import { metricsOfGo, type GoTree } from "./go-source";
import type { Metric } from "./table";

/** Where the folder of `module@version` lies. */
export type Find = (module: string) => string;

type Names = ReadonlyMap<string, Metric>;

/** One pinned binary and where its metrics' names are read. */
export interface Source {
    readonly binary: string;
    /** Module and version that name the binary; other modules below are those that it is built of. */
    readonly module: string;
    readonly read: (find: Find) => Names[];
    /** What the sources only put together while they run. */
    readonly also?: Readonly<Record<string, Metric>>;
}

const go = (root: string, rest: Omit<GoTree, "root"> = {}) => metricsOfGo({ root, ...rest });

/** Rings, servers and key-value stores, which Loki and Tempo share; the registerer's prefix is the product's. */
const dskit = (root: string, product: string) =>
    go(root, {
        folders: ["ring", "server", "kv", "runtimeconfig"],
        namespace: product,
        prefixes: { "ring/": `${product}_`, "kv/": `${product}_`, "runtimeconfig/": `${product}_` },
    });

/** Blocks in an object store: the library counts its operations for whoever wraps it. */
const objectStoreClient = (root: string, prefix: string) => go(root, { folders: ["."], prefixes: { "": prefix } });

const OBJSTORE = "github.com/thanos-io/objstore@v0.0.0-20250804093838-71d60dfee488";

const gauge = (...labels: string[]): Metric => ({ type: "gauge", labels });

const counter = (...labels: string[]): Metric => ({ type: "counter", labels });

/**
 * What OpenTelemetry's receivers and exporters count in each signal; Alloy's own documents name some of them, its
 * operations/alloy-mixin the rest.
 */
function collectorMetrics(): Record<string, Metric> {
    const counts = ["spans", "log_records", "metric_points"].flatMap(
        (signal) =>
            [
                ...["accepted", "refused"].map((verb) => [
                    `otelcol_receiver_${verb}_${signal}_total`,
                    ["receiver", "transport"],
                ]),
                ...["sent", "send_failed", "enqueue_failed"].map((verb) => [
                    `otelcol_exporter_${verb}_${signal}_total`,
                    ["exporter"],
                ]),
            ] as [string, string[]][],
    );
    return Object.fromEntries(counts.map(([name, labels]) => [name, counter(...labels)]));
}

/** What Tempo's metrics generators write into the metrics store, with the labels that they have here. */
function spanMetrics(): Record<string, Metric> {
    const [span, edge] = [
        ["service", "span_kind", "span_name", "status_code"],
        ["client", "connection_type", "server"],
    ];
    return {
        traces_spanmetrics_calls_total: counter(...span),
        traces_spanmetrics_latency: { type: "histogram", labels: span },
        traces_spanmetrics_size_total: counter(...span),
        traces_service_graph_request_total: counter(...edge),
        traces_service_graph_request_failed_total: counter(...edge),
        traces_service_graph_request_client_seconds: { type: "histogram", labels: edge },
        traces_service_graph_request_server_seconds: { type: "histogram", labels: edge },
    };
}

/** What prometheus/common's version collector says of a program. */
const buildInfo = (program: string) => ({
    [`${program}_build_info`]: gauge("branch", "goarch", "goos", "goversion", "revision", "tags", "version"),
});

export const sources: readonly Source[] = [
    {
        binary: "cortex",
        module: "github.com/cortexproject/cortex@v1.21.1",
        read: (find) => [
            go(find("github.com/cortexproject/cortex@v1.21.1"), {
                folders: ["pkg"],
                namespace: "cortex",
                prefixes: { "pkg/ring/": "cortex_", "pkg/ha/": "cortex_" },
            }),
            go(find("github.com/cortexproject/weaveworks-common@v0.0.0-20250902164925-0315015a8b9f"), {
                folders: ["server"],
                namespace: "cortex",
            }),
            objectStoreClient(find(OBJSTORE), "thanos_"),
        ],
        also: buildInfo("cortex"),
    },
    {
        binary: "loki",
        module: "github.com/grafana/loki/v3@v3.7.6",
        read: (find) => [
            go(find("github.com/grafana/loki/v3@v3.7.6"), { folders: ["pkg"], namespace: "loki" }),
            dskit(find("github.com/grafana/dskit@v0.0.0-20260209132809-8d1c6d34bb5a"), "loki"),
        ],
        also: {
            ...buildInfo("loki"),
            // The names of these are put together from what callers pass.
            loki_query_scheduler_queue_length: gauge("user"),
            loki_query_scheduler_discarded_requests_total: counter("user"),
            loki_prometheus_notifications_dropped_total: counter("user"),
            // Of the exporter beside the gateway, as the chart configures it.
            http_requests_total: counter("host", "method", "path", "status"),
        },
    },
    {
        binary: "tempo",
        module: "github.com/grafana/tempo@v2.10.8",
        read: (find) => {
            const root = find("github.com/grafana/tempo@v2.10.8");
            return [
                go(root, { folders: ["cmd", "modules", "pkg", "tempodb"], namespace: "tempo" }),
                dskit(join(root, "vendor/github.com/grafana/dskit"), "tempo"),
                go(join(root, "vendor/github.com/prometheus/prometheus"), { folders: ["storage/remote"] }),
            ];
        },
        also: { ...buildInfo("tempo"), ...spanMetrics() },
    },
    {
        binary: "prometheus",
        module: "github.com/prometheus/prometheus@v0.314.0",
        read: (find) => [
            go(find("github.com/prometheus/prometheus@v0.314.0"), {
                namespace: "prometheus",
                prefixes: { "tsdb/wlog/wlog.go": "prometheus_tsdb_wal_" },
            }),
            go(find("github.com/prometheus/client_golang@v1.24.1"), { folders: ["prometheus"] }),
        ],
        also: buildInfo("prometheus"),
    },
    {
        binary: "alertmanager",
        module: "github.com/prometheus/alertmanager@v0.34.0",
        read: (find) => [go(find("github.com/prometheus/alertmanager@v0.34.0"), { namespace: "alertmanager" })],
        also: buildInfo("alertmanager"),
    },
    {
        binary: "prometheus-operator",
        module: "github.com/prometheus-operator/prometheus-operator@v0.93.1",
        read: (find) => [go(find("github.com/prometheus-operator/prometheus-operator@v0.93.1"))],
    },
    {
        binary: "kube-state-metrics",
        module: "k8s.io/kube-state-metrics/v2@v2.20.0",
        read: (find) => [kubeStateMetrics(join(find("k8s.io/kube-state-metrics/v2@v2.20.0"), "docs/metrics"))],
    },
    {
        binary: "node-exporter",
        module: "github.com/prometheus/node_exporter@v1.12.1",
        read: (find) => [
            go(find("github.com/prometheus/node_exporter@v1.12.1"), { folders: ["collector"], namespace: "node" }),
        ],
        also: {
            // collector/meminfo.go makes a name for each line of /proc/meminfo.
            node_memory_MemTotal_bytes: gauge(),
            node_memory_MemAvailable_bytes: gauge(),
        },
    },
    {
        binary: "kubelet",
        module: "k8s.io/kubernetes@v1.35.4",
        read: (find) => [
            go(find("k8s.io/kubernetes@v1.35.4"), { folders: ["pkg/kubelet"] }),
            cadvisor(join(find("github.com/google/cadvisor@v0.53.0"), "metrics/prometheus.go")),
        ],
    },
    {
        binary: "cloudnative-pg",
        module: "github.com/cloudnative-pg/cloudnative-pg@v1.30.0",
        read: (find) => {
            const root = find("github.com/cloudnative-pg/cloudnative-pg@v1.30.0");
            return [
                go(root, { folders: ["pkg/management/postgres"] }),
                postgresQueries(readFileSync(join(root, "config/manager/default-monitoring.yaml"), "utf8")),
            ];
        },
    },
    {
        binary: "barman-cloud",
        module: "github.com/cloudnative-pg/plugin-barman-cloud@v0.13.0",
        read: () => [],
        // internal/cnpgi/instance/metrics.go puts the names together from the plugin's own.
        also: Object.fromEntries(
            ["first_recoverability_point", "last_available_backup_timestamp", "last_failed_backup_timestamp"].map(
                (name) => [`barman_cloud_cloudnative_pg_io_${name}`, gauge()],
            ),
        ),
    },
    {
        binary: "minio",
        module: "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c",
        read: (find) => [
            minio(
                join(
                    find("github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"),
                    "docs/metrics/prometheus/list.md",
                ),
            ),
        ],
    },
    {
        binary: "alloy",
        module: "github.com/grafana/alloy@v1.18.1",
        read: (find) => {
            const root = find("github.com/grafana/alloy@v1.18.1");
            return [go(root, { folders: ["internal"] }), alloy(join(root, "docs/sources/reference"))];
        },
        also: collectorMetrics(),
    },
    {
        binary: "memcached-exporter",
        module: "github.com/prometheus/memcached_exporter@v0.16.0",
        read: (find) => [go(find("github.com/prometheus/memcached_exporter@v0.16.0"), { namespace: "memcached" })],
    },
    {
        binary: "blackbox-exporter",
        module: "github.com/prometheus/blackbox_exporter@v0.28.0",
        read: (find) => [
            go(find("github.com/prometheus/blackbox_exporter@v0.28.0"), { namespace: "blackbox_exporter" }),
        ],
    },
    {
        binary: "pushgateway",
        module: "github.com/prometheus/pushgateway@v1.11.3",
        read: (find) => [go(find("github.com/prometheus/pushgateway@v1.11.3"))],
    },
];
