import { hopByHop, logsOfPod } from "../../dashboards/links";
import { inNamespace, perSecond, within } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Panel } from "../../dashboards/spec";
import type { CrossPanels, PathSection } from "../../contracts/system";
import { NAMESPACE } from "./names";

const of = (more?: string) => inNamespace(NAMESPACE, more);

/** By what to divide numbers that every copy of a series adds to. */
export const COPIES = `max(cortex_distributor_replication_factor{${of()}})`;

export const ACTIVE_SERIES = `sum(cortex_ingester_active_series{${of()}}) / ${COPIES}`;

const flow: Panel = graph({
    title: "Metrics: samples in and stored",
    description:
        "Both Prometheus replicas send; the store accepts one of them, so accepted is half of arriving where there are two. Stored should lie on accepted: below it, ingesters lose writes.",
    unit: "cps",
    links: [hopByHop],
    queries: [
        metrics("arriving", perSecond(`cortex_distributor_samples_in_total{${of()}}`)),
        metrics("accepted", perSecond(`cortex_distributor_received_samples_total{${of()}}`)),
        metrics(
            "stored",
            `(${perSecond(`cortex_ingester_ingested_samples_total{${of()}}`)} + ${perSecond(`cortex_ingester_ingested_native_histograms_total{${of()}}`)}) / ${COPIES}`,
        ),
    ],
});

const newestSample: Panel = number({
    title: "Newest sample",
    description:
        "Age of the newest sample that the metrics store accepted. Normal: below a minute. Older: neither Prometheus replica gets through; see the data path.",
    unit: "s",
    thresholds: levels(60, 300),
    queries: [metrics("age", `time() - max(cortex_distributor_latest_seen_sample_timestamp_seconds{${of()}})`)],
});

const cost: readonly Panel[] = [
    number({
        title: "Active series",
        description:
            "Series that had a sample lately, each counted once. Memory of the metrics store grows with them; the limit is the setting metrics.limits.maxSeries.",
        unit: "short",
        queries: [metrics("series", ACTIVE_SERIES)],
    }),
    number({
        title: "Samples, last day",
        description: "Samples that the metrics store accepted in 24 hours.",
        unit: "short",
        queries: [metrics("samples", within("1d", `cortex_distributor_received_samples_total{${of()}}`))],
    }),
];

const tenants: readonly Panel[] = [
    graph({
        title: "Active series, by tenant",
        description:
            "Each counted once. Memory of the metrics store grows with them; a tenant's limit is tenants.<name>.metrics.maxSeries.",
        unit: "short",
        stacked: true,
        queries: [metrics("{{user}}", `sum by (user) (cortex_ingester_active_series{${of()}}) / scalar(${COPIES})`)],
    }),
    graph({
        title: "Age of the newest sample, by tenant",
        description:
            "How far a tenant's metrics are behind. Normal: below a minute. A line that rises by a second a second is a tenant that sends nothing; one that falls again catches up.",
        unit: "s",
        thresholds: levels(300, 900),
        queries: [
            metrics(
                "{{user}}",
                `time() - max by (user) (cortex_distributor_latest_seen_sample_timestamp_seconds{${of()}})`,
            ),
        ],
    }),
];

const path: PathSection = {
    signal: "metrics",
    through: ["gateway", "distributor", "ingester", "object store"],
    hops: [
        [
            graph({
                title: "Pushes that distributors answered",
                description:
                    "By status. The gateway before them has no metrics: what Prometheus retries and is not here, the gateway refused. 202 is a sample of the replica that is not elected; 4xx are dropped for good, 5xx are sent again.",
                unit: "reqps",
                width: 6,
                queries: [
                    metrics(
                        "{{status_code}}",
                        perSecond(`cortex_request_duration_seconds_count{${of('route="api_v1_push"')}}`, "status_code"),
                    ),
                ],
            }),
        ],
        [
            graph({
                title: "Distributors: samples",
                description:
                    "Deduped come from the replica that is not elected: about half of what arrives. Discarded are lost, by reason; normally none.",
                unit: "cps",
                queries: [
                    metrics("arriving", perSecond(`cortex_distributor_samples_in_total{${of()}}`)),
                    metrics("accepted", perSecond(`cortex_distributor_received_samples_total{${of()}}`)),
                    // Its own label `cluster` names the pair, not the cluster.
                    metrics("deduped", perSecond(`cortex_distributor_deduped_samples_total{namespace="${NAMESPACE}"}`)),
                    metrics("discarded: {{reason}}", perSecond(`cortex_discarded_samples_total{${of()}}`, "reason")),
                ],
            }),
        ],
        [
            graph({
                title: "Ingesters",
                description:
                    "Samples that ingesters took, by pod, and those that distributors could not hand over. With three copies of each the lines lie together; one that falls is away or slow.",
                unit: "cps",
                links: [logsOfPod(NAMESPACE)],
                queries: [
                    metrics("{{pod}}", perSecond(`cortex_ingester_ingested_samples_total{${of()}}`, "pod")),
                    metrics(
                        "{{pod}} failed",
                        perSecond(`cortex_ingester_ingested_samples_failures_total{${of()}}`, "pod"),
                    ),
                    metrics("not handed over", perSecond(`cortex_distributor_ingester_append_failures_total{${of()}}`)),
                ],
            }),
        ],
        [
            graph({
                title: "Oldest block that is not in the object store",
                description:
                    "Ingesters upload every two hours. Normal: below three hours, or no data. Older: uploads fail; the volumes of the ingesters fill up.",
                unit: "s",
                thresholds: levels(10_800, 21_600),
                links: [logsOfPod(NAMESPACE)],
                queries: [
                    metrics(
                        "{{pod}}",
                        `max by (pod) (time() - (cortex_ingester_oldest_unshipped_block_timestamp_seconds{${of()}} > 0))`,
                    ),
                ],
            }),
        ],
    ],
};

export const cortexPanels: CrossPanels = { flow, checks: [newestSample], cost, tenants, path: [path] };
