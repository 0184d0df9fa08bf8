import { grafanaVariable, type LogDataSource, type TraceLink } from "../contracts/datasource";
import type { LineQueries } from "../contracts/system";

/** Where a store that speaks Lucene has what OTLP says of a line. */
export interface LineFields {
    readonly namespace: string;
    readonly pod: string;
    readonly cluster: string;
    readonly message: string;
    /** In words. */
    readonly level: string;
    /** In numbers: https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
    readonly severity: string;
    readonly traceId: string;
}

/** From which number on a line is a warning. */
const WARNING = 13;

/** Whole words: text is split at what is no letter or digit, so that `level=error` has one of them. */
const COMPLAINTS = ["error", "err", "warn", "warning", "fatal", "panic", "critical"];

/** Lines in one panel. */
const LINES = 500;

/**
 * How lines are asked for in Lucene. A line is text there, in which words are looked for and no pattern across them: what a
 * system's own pattern of its complaints would find is looked for by the words that all of them use, and by severity.
 */
export function luceneLines(plugin: string, fields: LineFields): LineQueries {
    const target = (query: string) => ({
        query,
        timeField: "@timestamp",
        metrics: [{ id: "1", type: "logs", settings: { limit: String(LINES) } }],
        bucketAggs: [],
    });
    return {
        plugin,
        ofPod: (namespace, pod) => target(`${fields.namespace}:"${namespace}" AND ${fields.pod}:"${pod}"`),
        complaints: (namespace) =>
            target(
                `${fields.namespace}:"${namespace}" AND ${fields.cluster}:/$cluster/ AND ` +
                    `(${fields.severity}:>=${WARNING} OR ${fields.message}:(${COMPLAINTS.join(" OR ")}))`,
            ),
    };
}

/** What Grafana's plugin is told of the fields, and what leads to traces and back. */
export function luceneJoins({ message, level, traceId }: LineFields) {
    return {
        jsonData: { timeField: "@timestamp", logMessageField: message, logLevelField: level },
        toTrace: (link: TraceLink) => ({ dataLinks: [{ field: traceId, ...link }] }),
        ofSpan: { customQuery: true, query: `${traceId}:"${grafanaVariable("__trace.traceId")}"` },
    } satisfies Pick<LogDataSource, "jsonData" | "toTrace" | "ofSpan">;
}
