import { hopByHop, logsOfPod } from "../../dashboards/links";
import { inNamespace, perSecond, within } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Panel } from "../../dashboards/spec";
import type { CrossPanels, PathSection } from "../../contracts/system";
import { NAMESPACE } from "./names";

const of = (more?: string) => inNamespace(NAMESPACE, more);

/** Lines are on as many ingesters as the replication factor says. */
const COPIES = `max(loki_distributor_replication_factor{${of()}})`;

const flow: Panel = graph({
    title: "Logs: lines in and stored",
    description:
        "Lines are written to the object store when a chunk is full or two hours old, so stored follows arriving by up to two hours and is smoothed over one. Where it stays below for longer, look at the flushes of Loki's ingesters.",
    unit: "cps",
    links: [hopByHop],
    queries: [
        metrics("arriving", perSecond(`loki_distributor_lines_received_total{${of()}}`)),
        metrics("stored", `sum(rate(loki_ingester_chunk_entries_sum{${of()}}[1h])) / ${COPIES}`),
    ],
});

/** What the canary says. */
const checks: readonly Panel[] = [
    number({
        title: "Lines that Loki lost",
        description:
            "Lines of the canary that were not found again, in the last hour. Normal: 0. Anything else means that other lines were lost too; see Loki's write path.",
        unit: "short",
        thresholds: [{ from: 1, color: "red" }],
        queries: [metrics("lines", within("1h", `loki_canary_missing_entries_total{${of()}}`))],
    }),
    number({
        title: "A line's way through Loki",
        description:
            "Seconds from writing a line to reading it back, for 99 of 100 lines of the canary. Normal: below 5 s.",
        unit: "s",
        thresholds: levels(5, 30),
        queries: [
            metrics(
                "p99",
                `histogram_quantile(0.99, sum by (le) (rate(loki_canary_response_latency_seconds_bucket{${of()}}[10m])))`,
            ),
        ],
    }),
];

const taken: Panel = number({
    title: "Logs, last day",
    description: "Bytes of log lines in 24 hours, before compression (by which they shrink to about a tenth).",
    unit: "bytes",
    queries: [metrics("bytes", within("1d", `loki_distributor_bytes_received_total{${of()}}`))],
});

const tenants: Panel = graph({
    title: "Bytes of lines, by tenant",
    description: "Before compression: what the limit tenants.<name>.logs.ingestionRateMb counts.",
    unit: "Bps",
    stacked: true,
    queries: [metrics("{{tenant}}", perSecond(`loki_distributor_bytes_received_total{${of()}}`, "tenant"))],
});

const path: PathSection = {
    signal: "logs",
    through: ["gateway", "distributor", "ingester", "object store"],
    hops: [
        [
            graph({
                title: "Answers of the gateway",
                description:
                    "By status, pushes and queries together. 429: a limit of Loki. 5xx: Loki cannot write; see on the right.",
                unit: "reqps",
                queries: [metrics("{{status}}", perSecond(`http_requests_total{${of()}}`, "status"))],
            }),
        ],
        [
            graph({
                title: "Distributors: lines",
                description:
                    "Discarded lines are lost, by reason: rate limits, lines too long or too old. Normally none.",
                unit: "cps",
                queries: [
                    metrics("arriving", perSecond(`loki_distributor_lines_received_total{${of()}}`)),
                    metrics("discarded: {{reason}}", perSecond(`loki_discarded_samples_total{${of()}}`, "reason")),
                ],
            }),
        ],
        [
            graph({
                title: "Ingesters: chunks waiting and flushed",
                description:
                    "Waiting normally falls to near 0 between bursts. Rising: the object store is slow or refuses. Failures are retried; nothing is lost while the volumes have room.",
                unit: "short",
                links: [logsOfPod(NAMESPACE)],
                queries: [
                    metrics("{{pod}} waiting", `max by (pod) (loki_ingester_flush_queue_length{${of()}})`),
                    metrics("failures, 5 m", `sum(increase(loki_ingester_chunks_flush_failures_total{${of()}}[5m]))`),
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
                        perSecond(`loki_s3_request_duration_seconds_count{${of()}}`, "operation, status_code"),
                    ),
                ],
            }),
        ],
    ],
};

export const lokiPanels: CrossPanels = { flow, checks, cost: [taken], tenants: [tenants], path: [path] };
