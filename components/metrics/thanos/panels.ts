import type { CrossPanels, PathSection } from "../../contracts/system";
import { orZero } from "../../alerts/rule";
import { hopByHop, logsOfPod } from "../../dashboards/links";
import { inNamespace, perSecond, within } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Panel } from "../../dashboards/spec";
import { job, PUSHED } from "./alerts";
import { NAMESPACE } from "./names";

const of = (more?: string) => inNamespace(NAMESPACE, more);
const ingestors = (more = "") => of(`job="${job("receive-ingestor")}"${more}`);

/** By what to divide numbers that every copy of a series adds to. */
export const COPIES = `max(thanos_receive_replication_factor{${of(`job="${job("receive-router")}"`)}})`;

/** Both replicas of a pair of Prometheus are among them. */
export const ACTIVE_SERIES = `sum(prometheus_tsdb_head_series{${ingestors()}}) / ${COPIES}`;

const flow: Panel = graph({
    title: "Metrics: samples in and stored",
    description:
        "Of both replicas of Prometheus, which are both kept. Stored should lie on accepted: below it, ingestors lose writes.",
    unit: "cps",
    links: [hopByHop],
    queries: [
        metrics("accepted", perSecond(`${PUSHED}{${of('code="200"')}}`)),
        metrics("refused", orZero(perSecond(`${PUSHED}{${of('code!="200"')}}`))),
        metrics("stored", `${perSecond(`prometheus_tsdb_head_samples_appended_total{${ingestors()}}`)} / ${COPIES}`),
    ],
});

const newestSample: Panel = number({
    title: "Newest sample",
    description:
        "Age of the newest sample in the ingestors' memory. Normal: below a minute. Older: neither Prometheus replica gets through; see the data path.",
    unit: "s",
    thresholds: levels(60, 300),
    queries: [metrics("age", `time() - max(prometheus_tsdb_head_max_time{${ingestors()}}) / 1000`)],
});

const cost: readonly Panel[] = [
    number({
        title: "Active series",
        description:
            "Series in memory, those of both Prometheus replicas, each copy counted once. Memory of the ingestors grows with them.",
        unit: "short",
        queries: [metrics("series", ACTIVE_SERIES)],
    }),
    number({
        title: "Samples, last day",
        description: "Samples that the metrics store accepted in 24 hours, those of both Prometheus replicas.",
        unit: "short",
        queries: [metrics("samples", within("1d", `${PUSHED}{${of('code="200"')}}`))],
    }),
];

const path: PathSection = {
    signal: "metrics",
    through: ["gateway", "router", "ingestor", "object store"],
    hops: [
        [
            graph({
                title: "Pushes that routers answered",
                description:
                    "By status. The gateway before them has no metrics: what Prometheus retries and is not here, the gateway refused. 409 are samples that are there already or come too late; 4xx are dropped for good, 5xx are sent again.",
                unit: "reqps",
                width: 6,
                queries: [
                    metrics(
                        "{{code}}",
                        perSecond(
                            `http_requests_total{${of(`job="${job("receive-router")}", handler=~"receive|otlp"`)}}`,
                            "code",
                        ),
                    ),
                ],
            }),
        ],
        [
            graph({
                title: "Routers: copies handed to ingestors",
                description:
                    "Each push goes to three ingestors. Errors of one ingestor are survived; of two, pushes fail.",
                unit: "cps",
                queries: [metrics("{{result}}", perSecond(`thanos_receive_forward_requests_total{${of()}}`, "result"))],
            }),
        ],
        [
            graph({
                title: "Ingestors",
                description:
                    "Samples that ingestors took, by pod. With three copies of each the lines lie together; one that falls is away or slow.",
                unit: "cps",
                links: [logsOfPod(NAMESPACE)],
                queries: [
                    metrics("{{pod}}", perSecond(`prometheus_tsdb_head_samples_appended_total{${ingestors()}}`, "pod")),
                ],
            }),
        ],
        [
            graph({
                title: "Blocks brought to the object store, last three hours",
                description:
                    "Ingestors upload every two hours. Normal: above 0. None, or failures: their volumes fill up.",
                unit: "short",
                links: [logsOfPod(NAMESPACE)],
                queries: [
                    metrics("{{pod}}", within("3h", `thanos_shipper_uploads_total{${of()}}`, "pod")),
                    metrics("{{pod}} failed", within("3h", `thanos_shipper_upload_failures_total{${of()}}`, "pod")),
                ],
            }),
        ],
    ],
};

export const thanosPanels: CrossPanels = { flow, checks: [newestSample], cost, path: [path] };
