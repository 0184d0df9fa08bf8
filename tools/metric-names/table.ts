import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const METRIC_TYPES = ["counter", "gauge", "histogram", "summary", "unknown"] as const;
export type MetricType = (typeof METRIC_TYPES)[number];

export interface Metric {
    readonly type: MetricType;
    /** Labels that the binary itself puts on; null where its sources make the list while they run. */
    readonly labels: readonly string[] | null;
}

/** What one pinned binary can expose. */
export interface MetricTable {
    readonly binary: string;
    readonly version: string;
    /** Where the names were read. */
    readonly source: string;
    readonly metrics: Readonly<Record<string, Metric>>;
}

export const TABLES = join(__dirname, "tables");

/** Labels that a scrape adds to whatever it scrapes: Prometheus' discovery by ServiceMonitor, PodMonitor and Probe. */
const TARGET_LABELS = [
    "job",
    "instance",
    "namespace",
    "pod",
    "container",
    "service",
    "endpoint",
    // The label of this platform's own Probe objects.
    "probe",
    // Alerts, and everything in the metrics store.
    "cluster",
] as const;

/** Series that Prometheus makes of every scrape, and of the rules that it evaluates. */
const MADE_BY_PROMETHEUS: Readonly<Record<string, Metric>> = {
    up: { type: "gauge", labels: [] },
    scrape_duration_seconds: { type: "gauge", labels: [] },
    scrape_samples_scraped: { type: "gauge", labels: [] },
    scrape_samples_post_metric_relabeling: { type: "gauge", labels: [] },
    scrape_series_added: { type: "gauge", labels: [] },
    ALERTS: { type: "gauge", labels: ["alertname", "alertstate", "severity", "team"] },
};

export function readTables(): MetricTable[] {
    return readdirSync(TABLES)
        .filter((file) => file.endsWith(".json"))
        .map((file) => JSON.parse(readFileSync(join(TABLES, file), "utf8")) as MetricTable);
}

/** Every definition of a series' name: several binaries may share one. */
export function definitionsOf(name: string, tables: readonly MetricTable[]): Metric[] {
    const everywhere = [...tables.map(({ metrics }) => metrics), MADE_BY_PROMETHEUS];
    return everywhere.flatMap((metrics) => {
        const own = metrics[name];
        if (own !== undefined) return [own];
        const [, base = "", suffix] = /^(.*)_(bucket|sum|count)$/.exec(name) ?? [];
        const whole = metrics[base];
        if (whole === undefined || !hasParts(whole.type)) return [];
        return [suffix === "bucket" && whole.labels ? { ...whole, labels: [...whole.labels, "le"] } : whole];
    });
}

/** Constant metrics do not say in the sources what they are. */
function hasParts(type: MetricType): boolean {
    return type === "histogram" || type === "summary" || type === "unknown";
}

/** Whether a series of this name can carry the label. */
export function hasLabel(name: string, label: string, tables: readonly MetricTable[]): boolean {
    if (TARGET_LABELS.some((known) => known === label)) return true;
    return definitionsOf(name, tables).some(({ labels }) => labels === null || labels.includes(label));
}
