import { NAMESPACE as COLLECTORS } from "../../collectors/k8s-monitoring/names";
import { NAMESPACE as LOKI } from "../../logs/loki/names";
import { logsOfPod } from "../links";
import { inNamespace, perSecond } from "../selectors";
import { graph, metrics, type Row } from "../spec";

/** Logs from the pod to the object store. */
export function logsPath(): Row {
    const alloy = inNamespace(COLLECTORS);
    const loki = (more?: string) => inNamespace(LOKI, more);
    return {
        title: "Logs: pod → Alloy → gateway → distributor → ingester → object store",
        panels: [
            graph({
                title: "1 Lines taken by Alloy",
                description:
                    "Lines read from the files of pods, and records pushed by applications. Refused are turned away at the door, since memory is short or the queue full; clients retry.",
                unit: "cps",
                queries: [
                    metrics("read from files", perSecond(`loki_source_file_read_lines_total{${alloy}}`)),
                    metrics("pushed", perSecond(`otelcol_receiver_accepted_log_records_total{${alloy}}`)),
                    metrics("refused", perSecond(`otelcol_receiver_refused_log_records_total{${alloy}}`)),
                ],
            }),
            graph({
                title: "2 Lines sent by Alloy",
                description:
                    "Dropped lines are lost, by reason; retries are not. Both normally 0. While Loki is away, reading of files stops and resumes later, and the receiver queues on its volume.",
                unit: "cps",
                links: [logsOfPod(COLLECTORS)],
                queries: [
                    metrics("sent", perSecond(`loki_write_sent_entries_total{${alloy}}`)),
                    metrics("dropped: {{reason}}", perSecond(`loki_write_dropped_entries_total{${alloy}}`, "reason")),
                    metrics("batches retried", perSecond(`loki_write_batch_retries_total{${alloy}}`)),
                    metrics("pushed on", perSecond(`otelcol_exporter_sent_log_records_total{${alloy}}`)),
                    metrics("not pushed on", perSecond(`otelcol_exporter_send_failed_log_records_total{${alloy}}`)),
                ],
            }),
            graph({
                title: "3 Answers of the gateway",
                description:
                    "By status, pushes and queries together. 429: a limit of Loki. 5xx: Loki cannot write; see on the right.",
                unit: "reqps",
                queries: [metrics("{{status}}", perSecond(`http_requests_total{${loki()}}`, "status"))],
            }),
            graph({
                title: "4 Distributors: lines",
                description:
                    "Discarded lines are lost, by reason: rate limits, lines too long or too old. Normally none.",
                unit: "cps",
                queries: [
                    metrics("arriving", perSecond(`loki_distributor_lines_received_total{${loki()}}`)),
                    metrics("discarded: {{reason}}", perSecond(`loki_discarded_samples_total{${loki()}}`, "reason")),
                ],
            }),
            graph({
                title: "5 Ingesters: chunks waiting and flushed",
                description:
                    "Waiting normally falls to near 0 between bursts. Rising: the object store is slow or refuses. Failures are retried; nothing is lost while the volumes have room.",
                unit: "short",
                links: [logsOfPod(LOKI)],
                queries: [
                    metrics("{{pod}} waiting", `max by (pod) (loki_ingester_flush_queue_length{${loki()}})`),
                    metrics("failures, 5 m", `sum(increase(loki_ingester_chunks_flush_failures_total{${loki()}}[5m]))`),
                ],
            }),
            graph({
                title: "6 Requests to the object store",
                description:
                    "By operation and status. A 404 is a normal answer to a question. 5xx or 403: see the object store.",
                unit: "reqps",
                queries: [
                    metrics(
                        "{{operation}} {{status_code}}",
                        perSecond(`loki_s3_request_duration_seconds_count{${loki()}}`, "operation, status_code"),
                    ),
                ],
            }),
        ],
    };
}
