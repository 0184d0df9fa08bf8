import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramName } from "../programs";
import { cadvisor, alloy, kubeStateMetrics, minio, postgresQueries } from "./documents";
import { metricsOfVictoria } from "./victoriametrics";
import { metricsOfGo, type GoTree } from "./go-source";
import type { Metric } from "./table";

/** Where the folder of `module@version` lies. */
export type Find = (module: string) => string;

type Names = ReadonlyMap<string, Metric>;

/** Where in its own sources and those that it is built of a program's metrics are named. */
export interface Source {
    /** `root` is the program's own folder; undefined where all names are put together while it runs. */
    readonly read?: (root: string, find: Find) => Names[];
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
    return {
        ...Object.fromEntries(counts.map(([name, labels]) => [name, counter(...labels)])),
        // processor/filterprocessor/metadata.yaml
        otelcol_processor_filter_datapoints_filtered_total: counter("filter"),
    };
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

export const SOURCES: Readonly<Record<ProgramName, Source>> = {
    cortex: {
        read: (root, find) => [
            go(root, {
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
    loki: {
        read: (root, find) => [
            go(root, { folders: ["pkg"], namespace: "loki" }),
            dskit(find("github.com/grafana/dskit@v0.0.0-20260209132809-8d1c6d34bb5a"), "loki"),
        ],
        also: {
            ...buildInfo("loki"),
            // The names of these are put together from what callers pass.
            loki_query_scheduler_queue_length: gauge("user"),
            loki_query_scheduler_discarded_requests_total: counter("user"),
            loki_prometheus_notifications_dropped_total: counter("user"),
        },
    },
    tempo: {
        read: (root) => [
            go(root, { folders: ["cmd", "modules", "pkg", "tempodb"], namespace: "tempo" }),
            dskit(join(root, "vendor/github.com/grafana/dskit"), "tempo"),
            go(join(root, "vendor/github.com/prometheus/prometheus"), { folders: ["storage/remote"] }),
        ],
        also: { ...buildInfo("tempo"), ...spanMetrics() },
    },
    victoriametrics: {
        read: (root) => [
            metricsOfVictoria(root, [
                ...["app/vminsert", "app/vmselect", "app/vmstorage", "app/vmauth", "app/vmagent", "app/vmalert"],
                ...["lib/httpserver", "lib/storage", "lib/timeserieslimits", "lib/promscrape", "lib/persistentqueue"],
            ]),
        ],
        // vmalert makes these in sets of its own, for each rule and each Alertmanager.
        also: {
            vmalert_alerting_rules_errors_total: counter("alertname", "file", "group", "id"),
            vmalert_recording_rules_errors_total: counter("file", "group", "id", "recording"),
            vmalert_alerts_send_errors_total: counter("addr"),
        },
    },
    "victoriametrics-operator": {
        read: (root) => [go(root, { folders: ["internal"] })],
        // Of the library that runs its controllers: pkg/internal/controller/metrics/metrics.go.
        also: { controller_runtime_reconcile_errors_total: counter("controller") },
    },
    thanos: {
        read: (root, find) => [
            go(root, { folders: ["cmd", "pkg", "internal"] }),
            objectStoreClient(find(OBJSTORE), "thanos_"),
        ],
        also: buildInfo("thanos"),
    },
    prometheus: {
        read: (root, find) => [
            go(root, { namespace: "prometheus", prefixes: { "tsdb/wlog/wlog.go": "prometheus_tsdb_wal_" } }),
            go(find("github.com/prometheus/client_golang@v1.24.1"), { folders: ["prometheus"] }),
        ],
        also: buildInfo("prometheus"),
    },
    alertmanager: {
        read: (root) => [go(root, { namespace: "alertmanager" })],
        also: buildInfo("alertmanager"),
    },
    "elasticsearch-exporter": { read: (root) => [go(root, { folders: ["collector"], namespace: "elasticsearch" })] },
    "prometheus-operator": { read: (root) => [go(root)] },
    "kube-state-metrics": { read: (root) => [kubeStateMetrics(join(root, "docs/metrics"))] },
    "node-exporter": {
        read: (root) => [go(root, { folders: ["collector"], namespace: "node" })],
        also: {
            // collector/meminfo.go makes a name for each line of /proc/meminfo.
            node_memory_MemTotal_bytes: gauge(),
            node_memory_MemAvailable_bytes: gauge(),
        },
    },
    kubelet: {
        read: (root, find) => [
            go(root, { folders: ["pkg/kubelet"] }),
            cadvisor(join(find("github.com/google/cadvisor@v0.53.0"), "metrics/prometheus.go")),
        ],
    },
    "cloudnative-pg": {
        read: (root) => [
            go(root, { folders: ["pkg/management/postgres"] }),
            postgresQueries(readFileSync(join(root, "config/manager/default-monitoring.yaml"), "utf8")),
        ],
    },
    "barman-cloud": {
        // internal/cnpgi/instance/metrics.go puts the names together from the plugin's own.
        also: Object.fromEntries(
            ["first_recoverability_point", "last_available_backup_timestamp", "last_failed_backup_timestamp"].map(
                (name) => [`barman_cloud_cloudnative_pg_io_${name}`, gauge()],
            ),
        ),
    },
    minio: { read: (root) => [minio(join(root, "docs/metrics/prometheus/list.md"))] },
    alloy: {
        read: (root) => [go(root, { folders: ["internal"] }), alloy(join(root, "docs/sources/reference"))],
        also: collectorMetrics(),
    },
    "memcached-exporter": { read: (root) => [go(root, { namespace: "memcached" })] },
    "blackbox-exporter": { read: (root) => [go(root, { namespace: "blackbox_exporter" })] },
    "access-log-exporter": {
        // Its configuration names them: Loki's chart has one, components/ingest-gateway/counting.ts the others, of which nginx
        // itself hands out the last.
        also: {
            http_requests_total: counter("host", "method", "path", "status"),
            ingest_gateway_pushes_total: counter("client", "signal", "status"),
            ingest_gateway_push_bytes_total: counter("client", "signal", "status"),
            ingest_gateway_cluster_sends: gauge("client", "signal"),
        },
    },
    glitchtip: {
        // django_vtasks/metrics.py, of the library that keeps its queue.
        also: {
            vtasks_queue_depth: gauge("queue"),
            vtasks_active_tasks: gauge("queue"),
            vtasks_tasks_processed_total: counter("queue", "status", "task_name"),
            vtasks_task_duration_seconds: { type: "histogram", labels: ["queue", "task_name"] },
        },
    },
    pushgateway: { read: (root) => [go(root)] },
};
