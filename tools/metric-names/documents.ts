import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isRecord, record, records } from "../records";
import { METRIC_TYPES, type Metric, type MetricType } from "./table";

type Names = Map<string, Metric>;

function markdownIn(folder: string): string {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
        .join("\n");
}

/** kube-state-metrics documents each metric in a row: name, type, …, and its labels as `label`=&lt;meaning&gt;. */
export function kubeStateMetrics(folder: string): Names {
    const rows = markdownIn(folder).matchAll(/^\|\s*`?(kube_\w+)`?\s*\|\s*(\w+)\s*\|(.*)$/gm);
    return new Map(
        [...rows].map(([, name = "", type = "", rest = ""]) => {
            const labels = [...rest.matchAll(/`(\w+)`\s*=/g)].map(([, label = ""]) => label);
            return [name, { type: typeOf(type), labels: [...new Set(labels)].sort() }];
        }),
    );
}

/** Alloy documents the metrics of each component as `name` (type). */
export function alloy(folder: string): Names {
    const lines = markdownIn(folder).matchAll(/^[*-]\s+`([a-z]\w+)`\s+\((\w+)\)/gm);
    return new Map([...lines].map(([, name = "", type = ""]) => [name, { type: typeOf(type), labels: null }]));
}

/** MinIO documents the metrics of its second generation in tables, without types and labels. */
export function minio(file: string): Names {
    const rows = readFileSync(file, "utf8").matchAll(/^\|\s*`(minio_\w+)`/gm);
    return new Map([...rows].map(([, name = ""]) => [name, { type: "unknown", labels: null }]));
}

/** CloudNativePG makes metrics of queries: `cnpg_<query>_<column>`, with the columns of usage LABEL as labels. */
export function postgresQueries(manifest: string): Names {
    const { data } = record(parse(manifest));
    const queries = record(parse(String(record(data).queries)));
    const found: Names = new Map();
    for (const [query, definition] of Object.entries(queries)) {
        const columns = records(record(definition).metrics).flatMap((column) => Object.entries(column));
        const usage = (value: unknown) => (isRecord(value) ? String(value.usage) : "");
        const labels = columns.filter(([, value]) => usage(value) === "LABEL").map(([name]) => name);
        for (const [name, value] of columns) {
            if (["LABEL", "DISCARD"].includes(usage(value))) continue;
            found.set(`cnpg_${query}_${name}`, { type: typeOf(usage(value)), labels: [...labels].sort() });
        }
    }
    return found;
}

/** cAdvisor lists its metrics in one structure; the kubelet renames their labels. */
export function cadvisor(file: string): Names {
    const entries = readFileSync(file, "utf8").matchAll(
        /\bname:\s*"(container_\w+)",[\s\S]*?valueType:\s*prometheus\.(\w+)Value/g,
    );
    return new Map([...entries].map(([, name = "", type = ""]) => [name, { type: typeOf(type), labels: null }]));
}

function typeOf(word: string): MetricType {
    return METRIC_TYPES.find((type) => type === word.toLowerCase()) ?? "unknown";
}
