import { luceneLines, type LineFields } from "../lucene";
import { PLUGIN } from "./names";

/**
 * As Elasticsearch keeps what came by OTLP, in data streams whose names end in `.otel`.
 * https://www.elastic.co/docs/manage-data/ingest/otlp-endpoint
 */
export const FIELDS: LineFields = {
    namespace: "resource.attributes.k8s.namespace.name",
    pod: "resource.attributes.k8s.pod.name",
    cluster: "resource.attributes.k8s.cluster.name",
    message: "body.text",
    level: "severity_text",
    severity: "severity_number",
    traceId: "trace_id",
};

export const elasticsearchLines = luceneLines(PLUGIN, FIELDS);
