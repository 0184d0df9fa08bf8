import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metricsOfGo } from "../../../tools/metric-names/go-source";
import { PROGRAMS, sourceOf } from "../../../tools/programs";
import { definitionsOf, hasLabel, readTables, type MetricTable } from "../../../tools/metric-names/table";

/** Sources as client_golang's users write them. */
const SOURCE = `package ring

const subsystem = "ingester" // "not_this"

var a = promauto.With(reg).NewGaugeVec(prometheus.GaugeOpts{
	Name:        "ring_members",
	Help:        "Members, as they say {all}.",
	ConstLabels: map[string]string{"name": name}},
	[]string{"state"})

var b = prometheus.NewHistogram(prometheus.HistogramOpts{
	Namespace: metricsNamespace,
	Subsystem: subsystem,
	Name:      "flush_seconds",
	Buckets:   []float64{1, 2},
})

/* prometheus.CounterOpts{Name: "commented_out_total"} */
var c = prometheus.NewDesc(prometheus.BuildFQName("", subsystem, "up"), "Up, or not.", []string{"job", "code"}, nil)

var d = promauto.NewCounterVec(prometheus.CounterOpts{Name: "late_total"}, labels)
`;

describe("the tables of metric names", () => {
    const tables = readTables();

    it("are read from Go sources with their labels", () => {
        const root = mkdtempSync(join(tmpdir(), "go-"));
        try {
            writeFileSync(join(root, "ring.go"), SOURCE);
            writeFileSync(join(root, "ring_test.go"), 'var t = prometheus.CounterOpts{Name: "of_a_test"}');
            const found = metricsOfGo({ root, namespace: "loki", prefixes: { "": "x_" } });
            deepEqual(Object.fromEntries(found), {
                x_ring_members: { type: "gauge", labels: ["name", "state"] },
                x_loki_ingester_flush_seconds: { type: "histogram", labels: [] },
                x_ingester_up: { type: "unknown", labels: ["code", "job"] },
                x_late_total: { type: "counter", labels: null },
            });
        } finally {
            rmSync(root, { recursive: true });
        }
    });

    // After a pin has moved: `npm run metric-names`, which `npm run bump` calls.
    it("are those of the versions that the pins bring, one for each program", () => {
        const made = tables.map(({ binary, source, version }) => `${binary} ${source}@${version}`);
        const pinned = Object.entries(PROGRAMS).map(([name, program]) => `${name} ${sourceOf(program)}`);
        deepEqual(made.sort(), pinned.sort());
    });

    it("know the series of a histogram, and what a scrape adds", () => {
        const table: MetricTable = {
            binary: "x",
            version: "1",
            source: "x",
            metrics: { x_seconds: { type: "histogram", labels: ["code"] }, y_total: { type: "counter", labels: [] } },
        };
        equal(definitionsOf("x_seconds_bucket", [table]).length, 1);
        ok(hasLabel("x_seconds_bucket", "le", [table]));
        ok(!hasLabel("x_seconds_count", "le", [table]));
        ok(hasLabel("y_total", "namespace", [table]));
        ok(!hasLabel("y_total", "code", [table]));
        equal(definitionsOf("y_total_count", [table]).length, 0);
        equal(definitionsOf("x_minutes", [table]).length, 0);
    });

    it("hold what each system is known by, so that no table was written from half of its sources", () => {
        const names = [
            "cortex_request_duration_seconds_bucket",
            "cortex_ring_members",
            "loki_request_duration_seconds_count",
            "loki_canary_missing_entries_total",
            "tempo_ring_members",
            "prometheus_remote_storage_samples_failed_total",
            "kube_pod_status_phase",
            "kubelet_volume_stats_available_bytes",
            "container_memory_working_set_bytes",
            "node_filesystem_avail_bytes",
            "cnpg_pg_replication_lag",
            "minio_cluster_capacity_usable_free_bytes",
            "alloy_config_last_load_successful",
            "otelcol_exporter_queue_size",
            "memcached_up",
            "probe_success",
        ];
        deepEqual(
            names.filter((name) => definitionsOf(name, tables).length === 0),
            [],
        );
    });
});
