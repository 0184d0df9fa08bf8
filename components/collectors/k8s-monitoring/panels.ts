import { FURTHER } from "../../contracts/further-destinations";
import { logsOfPod } from "../../dashboards/links";
import { inNamespace, perSecond } from "../../dashboards/selectors";
import { graph, levels, metrics } from "../../dashboards/spec";
import type { PathSection } from "../../contracts/system";
import { NAMESPACE } from "./names";

const alloy = inNamespace(NAMESPACE);
/** Of the stack's own stores. */
const own = inNamespace(NAMESPACE, `exporter!~"${FURTHER.exporter}"`);
const through = ["Alloy"];

const logs: PathSection = {
    signal: "logs",
    through,
    hops: [
        [
            graph({
                title: "Lines taken by Alloy",
                description:
                    "Lines read from the files of pods, and records pushed by applications. Refused are turned away at the door, since memory is short or the queue full; clients retry.",
                unit: "cps",
                queries: [
                    metrics("read from files", perSecond(`loki_source_file_read_lines_total{${alloy}}`)),
                    metrics("pushed", perSecond(`otelcol_receiver_accepted_log_records_total{${alloy}}`)),
                    metrics("refused", perSecond(`otelcol_receiver_refused_log_records_total{${alloy}}`)),
                ],
            }),
        ],
        [
            graph({
                title: "Lines sent by Alloy",
                description:
                    "Dropped lines are lost, by reason; retries are not. Both normally 0. While the log store is away, reading of files stops and resumes later, and the receiver queues on its volume.",
                unit: "cps",
                links: [logsOfPod(NAMESPACE)],
                queries: [
                    metrics("sent", perSecond(`loki_write_sent_entries_total{${alloy}}`)),
                    metrics("dropped: {{reason}}", perSecond(`loki_write_dropped_entries_total{${alloy}}`, "reason")),
                    metrics("batches retried", perSecond(`loki_write_batch_retries_total{${alloy}}`)),
                    metrics("pushed on", perSecond(`otelcol_exporter_sent_log_records_total{${own}}`)),
                    metrics("not pushed on", perSecond(`otelcol_exporter_send_failed_log_records_total{${own}}`)),
                ],
            }),
        ],
    ],
};

const traces: PathSection = {
    signal: "traces",
    through,
    hops: [
        [
            graph({
                title: "Spans taken by Alloy",
                description:
                    "Spans by receiver: OTLP, Jaeger, Zipkin. Refused are turned away at the door and normally sent again by the client.",
                unit: "cps",
                queries: [
                    metrics("{{receiver}}", perSecond(`otelcol_receiver_accepted_spans_total{${alloy}}`, "receiver")),
                    metrics(
                        "{{receiver}} refused",
                        perSecond(`otelcol_receiver_refused_spans_total{${alloy}}`, "receiver"),
                    ),
                ],
            }),
        ],
        [
            graph({
                title: "Spans sent by Alloy",
                description: "Less than taken where tail sampling is on. Failed and not queued are lost; normally 0.",
                unit: "cps",
                links: [logsOfPod(NAMESPACE)],
                queries: [
                    metrics("sent", perSecond(`otelcol_exporter_sent_spans_total{${own}}`)),
                    metrics("failed", perSecond(`otelcol_exporter_send_failed_spans_total{${own}}`)),
                    metrics("not queued", perSecond(`otelcol_exporter_enqueue_failed_spans_total{${own}}`)),
                ],
            }),
            graph({
                title: "Alloy's queues",
                description:
                    "How full the queues on the volumes are, logs' too. Normal: near 0. At 1 pushes are refused: the store behind has been away for long. Those of further destinations (to_…) drop what comes instead.",
                unit: "percentunit",
                max: 1,
                thresholds: levels(0.5, 0.9),
                links: [logsOfPod(NAMESPACE)],
                queries: [
                    metrics(
                        "{{pod}} {{exporter}}",
                        `max by (pod, exporter) (otelcol_exporter_queue_size{${alloy}} / otelcol_exporter_queue_capacity{${alloy}})`,
                    ),
                ],
            }),
        ],
    ],
};

/** Logs and traces from pods and applications to their stores. */
export const collectorPaths: readonly PathSection[] = [logs, traces];
