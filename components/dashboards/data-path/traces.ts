import { NAMESPACE as COLLECTORS } from "../../collectors/k8s-monitoring/names";
import { NAMESPACE as TEMPO } from "../../traces/tempo/names";
import { logsOfPod } from "../links";
import { inNamespace, perSecond } from "../selectors";
import { graph, levels, metrics, type Row } from "../spec";

/** Traces from the application to the object store. */
export function tracesPath(): Row {
    const alloy = inNamespace(COLLECTORS);
    const tempo = inNamespace(TEMPO);
    return {
        title: "Traces: application → Alloy → distributor → ingester → object store",
        panels: [
            graph({
                title: "1 Spans taken by Alloy",
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
            graph({
                title: "2 Spans sent by Alloy",
                description: "Less than taken where tail sampling is on. Failed and not queued are lost; normally 0.",
                unit: "cps",
                links: [logsOfPod(COLLECTORS)],
                queries: [
                    metrics("sent", perSecond(`otelcol_exporter_sent_spans_total{${alloy}}`)),
                    metrics("failed", perSecond(`otelcol_exporter_send_failed_spans_total{${alloy}}`)),
                    metrics("not queued", perSecond(`otelcol_exporter_enqueue_failed_spans_total{${alloy}}`)),
                ],
            }),
            graph({
                title: "2 Alloy's queues",
                description:
                    "How full the queues on the volumes are, logs' too. Normal: near 0. At 1 pushes are refused: the store behind has been away for long.",
                unit: "percentunit",
                max: 1,
                thresholds: levels(0.5, 0.9),
                links: [logsOfPod(COLLECTORS)],
                queries: [
                    metrics(
                        "{{pod}} {{exporter}}",
                        `max by (pod, exporter) (otelcol_exporter_queue_size{${alloy}} / otelcol_exporter_queue_capacity{${alloy}})`,
                    ),
                ],
            }),
            graph({
                title: "3 Distributors: spans",
                description:
                    "Discarded spans are lost, by reason: rate limit, trace too large, too many live traces. Normally none.",
                unit: "cps",
                queries: [
                    metrics("arriving", perSecond(`tempo_distributor_spans_received_total{${tempo}}`)),
                    metrics("discarded: {{reason}}", perSecond(`tempo_discarded_spans_total{${tempo}}`, "reason")),
                ],
            }),
            graph({
                title: "4 Ingesters",
                description:
                    "Batches that distributors could not hand over, and blocks waiting to be written. Both normally 0.",
                unit: "short",
                links: [logsOfPod(TEMPO)],
                queries: [
                    metrics(
                        "not handed over, per s",
                        perSecond(`tempo_distributor_ingester_append_failures_total{${tempo}}`),
                    ),
                    metrics("{{pod}} waiting", `max by (pod) (tempo_ingester_flush_queue_length{${tempo}})`),
                    metrics("failed flushes, 5 m", `sum(increase(tempo_ingester_failed_flushes_total{${tempo}}[5m]))`),
                ],
            }),
            graph({
                title: "5 Requests to the object store",
                description:
                    "By operation and status. A 404 is a normal answer to a question. 5xx or 403: see the object store.",
                unit: "reqps",
                queries: [
                    metrics(
                        "{{operation}} {{status_code}}",
                        perSecond(`tempodb_backend_request_duration_seconds_count{${tempo}}`, "operation, status_code"),
                    ),
                ],
            }),
        ],
    };
}
