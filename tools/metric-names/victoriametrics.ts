import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metric, MetricType } from "./table";

/** What the library's functions make, by the end of their names: `NewCounter`, `WriteGaugeUint64`, `GetOrCreateSummary`. */
const TYPES: readonly (readonly [RegExp, MetricType])[] = [
    [/Counter/, "counter"],
    [/Gauge/, "gauge"],
    [/Summary/, "summary"],
    // Its own form: buckets by `vmrange`, and none by `le`.
    [/Histogram/, "unknown"],
];

const MADE =
    /\b(?:metrics|ms)\.((?:New|GetOrCreate|Write)\w+)\((?:w,\s*)?(?:fmt\.Sprintf\()?[`"]([a-z]\w*)(\{.*?\})?[`"](\s*\+)?/g;

/**
 * Metrics that Go sources make with github.com/VictoriaMetrics/metrics: the whole series as one text, labels included. What
 * is put together while the program runs has labels that the sources do not tell.
 */
export function metricsOfVictoria(root: string, folders: readonly string[]): Map<string, Metric> {
    const found = new Map<string, Metric>();
    const files = folders.flatMap((folder) =>
        readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
            .filter((entry) => entry.isFile() && /(?<!_test)\.go$/.test(entry.name))
            .map((entry) => join(entry.parentPath, entry.name)),
    );
    for (const file of files) {
        for (const [, call = "", name = "", labels = "", more] of readFileSync(file, "utf8").matchAll(MADE)) {
            const made = TYPES.find(([pattern]) => pattern.test(call))?.[1] ?? "unknown";
            const known = found.get(name)?.labels;
            // What another package counts may be handed on as a gauge.
            const type = found.get(name)?.type === "counter" ? "counter" : made;
            const open = more !== undefined || /[{,]\s*%s/.test(labels) || known === null;
            const own = [...labels.matchAll(/(\w+)\s*=/g)].map(([, label = ""]) => label.replace(/^\\"/, ""));
            found.set(name, {
                type,
                labels: open ? null : [...new Set([...(known ?? []), ...own, ...summed(type)])].sort(),
            });
        }
    }
    return found;
}

/** A summary has a series for each quantile. */
function summed(type: MetricType): string[] {
    return type === "summary" ? ["quantile"] : [];
}
