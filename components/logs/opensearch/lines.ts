import { luceneLines, type LineFields } from "../lucene";
import { PLUGIN } from "./names";

/** As the gateway of OTLP writes them, and the template has them. */
export const FIELDS: LineFields = {
    namespace: "namespace",
    pod: "pod",
    cluster: "cluster",
    message: "message",
    level: "level",
    severity: "severity_number",
    traceId: "trace_id",
};

export const opensearchLines = luceneLines(PLUGIN, FIELDS);
