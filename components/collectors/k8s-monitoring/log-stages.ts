import type { K8sMonitoringSettings } from "./settings";

/** Lines that begin no record of their own wait this long for the next one. */
const RECORD_WAIT = "3s";

/** What is done with the lines of pods, in this order: whole records first, for ids are anywhere in one. */
export function logStages({ podLogs }: Pick<K8sMonitoringSettings, "podLogs">): string {
    return [...podLogs.records.map(record), BESIDE_THE_LINE, podLogs.stages, limit(podLogs)].join("");
}

/**
 * What the chart would put beside the line before these stages come. Until lines are joined the pod has to be a label,
 * by which they are told apart: those of two pods would end up in one record.
 */
export const NOT_YET_BESIDE = { "k8s.pod.name": "", pod: "" };

/** Joins lines up to the next one that begins a record: a stack trace is one entry. */
function record({ namespace, firstLine }: K8sMonitoringSettings["podLogs"]["records"][number]): string {
    return `stage.match {
  selector = \`{namespace="${namespace}"}\`
  stage.multiline {
    firstline     = \`${firstLine}\`
    max_wait_time = "${RECORD_WAIT}"
  }
}
`;
}

/**
 * Keeps the pod's name and the trace id of a line, in JSON or as key=value, beside it: Grafana makes a link of the id, as
 * it does for lines that come by OTLP.
 */
const BESIDE_THE_LINE = `stage.regex {
  expression = \`trace_?[iI][dD]"?\\s*[=:]\\s*"?(?P<trace_id>[0-9a-f]{32})\\b\`
}
stage.structured_metadata {
  values = {
    k8s_pod_name = "k8s_pod_name",
    pod          = "pod",
    trace_id     = "trace_id",
  }
}
`;

/** Drops, and counts by namespace, what a namespace writes on a node beyond its rate: the node's other pods go on. */
function limit({ linesPerSecond, linesBurst }: K8sMonitoringSettings["podLogs"]): string {
    return `stage.limit {
  rate          = ${linesPerSecond}
  burst         = ${linesBurst}
  drop          = true
  by_label_name = "namespace"
}
`;
}
