import { hopByHop, logsOfPod } from "../../dashboards/links";
import { inNamespace, perSecond, within } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Panel } from "../../dashboards/spec";
import type { CrossPanels, PathSection } from "../../contracts/system";
import { COLLECTORS } from "../../kubernetes/namespaces";
import { NAMESPACE } from "./names";

const of = (more?: string) => inNamespace(NAMESPACE, more);

/** The time of the newest sample that the metrics store acknowledged, by generator. */
const SPAN_METRICS_SENT = "prometheus_remote_storage_queue_highest_sent_timestamp_seconds";

/** @param copies how many ingesters keep each trace: no metric tells. */
export function tempoPanels(copies: number): CrossPanels {
    return { flow: flow(copies), checks, cost: [taken], tenants: [tenants], path: [path] };
}

function flow(copies: number): Panel {
    return graph({
        title: "Traces: bytes in and held",
        description:
            "Held is what the ingesters took, for one of the copies. It lies close to arriving; a little below is normal, since a write counts once two of three copies stand. Far below: spans are refused or ingesters are away.",
        unit: "Bps",
        links: [hopByHop],
        queries: [
            metrics("arriving", perSecond(`tempo_distributor_bytes_received_total{${of()}}`)),
            metrics("held", `${perSecond(`tempo_ingester_bytes_received_total{${of()}}`)} / ${copies}`),
        ],
    });
}

const tenants: Panel = graph({
    title: "Spans, by tenant",
    description: "Spans each second that were taken; without traces.multitenancy all are one tenant's.",
    unit: "cps",
    stacked: true,
    queries: [metrics("{{tenant}}", perSecond(`tempo_distributor_spans_received_total{${of()}}`, "tenant"))],
});

const checks: readonly Panel[] = [
    number({
        title: "Traces that Tempo lost",
        description:
            "Looks of the canary for its traces that found none, found them incomplete or failed, in the last hour; it looks some four times a minute. Normal: 0, or one or two while Tempo's pods are replaced. More: other traces are lost too; the dashboard Tempo tells how.",
        unit: "short",
        thresholds: levels(1, 10),
        queries: [metrics("looks", within("1h", `tempo_vulture_trace_error_total{${of()}}`))],
    }),
    number({
        title: "Newest metric made of spans",
        description:
            "Age of the newest sample that Tempo's metrics generators brought to the metrics store. Normal: below a minute. Older: service graphs and rules on span metrics stand still.",
        unit: "s",
        thresholds: levels(120, 600),
        queries: [metrics("age", `time() - max(${SPAN_METRICS_SENT}{${of()}})`)],
    }),
    number({
        title: "Spans refused",
        description:
            "Spans that collectors or Tempo refused in the last hour. Normal: 0. The reason is on the dashboard Tempo: a limit, a trace too large, a live trace too many.",
        unit: "short",
        thresholds: [{ from: 1, color: "yellow" }],
        none: "0",
        queries: [
            metrics(
                "spans",
                `(${within("1h", `tempo_discarded_spans_total{${of()}}`)} or vector(0)) + (${within("1h", `otelcol_receiver_refused_spans_total{${inNamespace(COLLECTORS)}}`)} or vector(0))`,
            ),
        ],
    }),
];

const taken: Panel = number({
    title: "Spans, last day",
    description: "Spans in 24 hours. Fewer: the setting of tail sampling in the collectors.",
    unit: "short",
    queries: [metrics("spans", within("1d", `tempo_distributor_spans_received_total{${of()}}`))],
});

const path: PathSection = {
    signal: "traces",
    through: ["distributor", "ingester", "object store"],
    hops: [
        [
            graph({
                title: "Distributors: spans",
                description:
                    "Discarded spans are lost, by reason: rate limit, trace too large, too many live traces. Normally none.",
                unit: "cps",
                queries: [
                    metrics("arriving", perSecond(`tempo_distributor_spans_received_total{${of()}}`)),
                    metrics("discarded: {{reason}}", perSecond(`tempo_discarded_spans_total{${of()}}`, "reason")),
                ],
            }),
        ],
        [
            graph({
                title: "Ingesters",
                description:
                    "Batches that distributors could not hand over, and blocks waiting to be written. Both normally 0.",
                unit: "short",
                links: [logsOfPod(NAMESPACE)],
                queries: [
                    metrics(
                        "not handed over, per s",
                        perSecond(`tempo_distributor_ingester_append_failures_total{${of()}}`),
                    ),
                    metrics("{{pod}} waiting", `max by (pod) (tempo_ingester_flush_queue_length{${of()}})`),
                    metrics("failed flushes, 5 m", `sum(increase(tempo_ingester_failed_flushes_total{${of()}}[5m]))`),
                ],
            }),
        ],
        [
            graph({
                title: "Requests to the object store",
                description:
                    "By operation and status. A 404 is a normal answer to a question. 5xx or 403: see the object store.",
                unit: "reqps",
                queries: [
                    metrics(
                        "{{operation}} {{status_code}}",
                        perSecond(`tempodb_backend_request_duration_seconds_count{${of()}}`, "operation, status_code"),
                    ),
                ],
            }),
        ],
    ],
};
