import { logsOfPod } from "../../dashboards/links";
import { inChosen, inNamespace, perSecond } from "../../dashboards/selectors";
import { graph, levels, metrics } from "../../dashboards/spec";
import type { PathSection } from "../../contracts/system";
import { MONITORING } from "../../kubernetes/namespaces";

const remote = (name: string) =>
    perSecond(`prometheus_remote_storage_${name}_total{${inNamespace(MONITORING)}}`, "pod");

/** Metrics from their targets to the metrics store. */
export const prometheusPath: PathSection = {
    signal: "metrics",
    through: ["Prometheus"],
    hops: [
        [
            graph({
                title: "Scraped by Prometheus",
                description:
                    "Samples of one scrape of all targets, by namespace; one replica of the pair. A step down is a target gone, a step up new labels. `down` counts targets that did not answer: normally 0.",
                unit: "short",
                width: 6,
                queries: [
                    metrics("{{namespace}}", `sum by (namespace) (scrape_samples_scraped{${inChosen()}})`),
                    metrics("down", `count(up{${inChosen()}} == 0)`),
                ],
            }),
        ],
        [
            graph({
                title: "Sent by Prometheus",
                description:
                    "By replica. Failed and dropped samples are lost, retried ones are not; all three are normally 0. Dropped by relabelling is intended.",
                unit: "cps",
                width: 6,
                links: [logsOfPod(MONITORING)],
                queries: [
                    metrics("{{pod}} sent", remote("samples")),
                    metrics("{{pod}} retried", remote("samples_retried")),
                    metrics("{{pod}} failed", remote("samples_failed")),
                    metrics("{{pod}} dropped", remote("samples_dropped")),
                ],
            }),
            graph({
                title: "Prometheus is behind by",
                description:
                    "Seconds between the newest sample and the newest that was sent. Normal: below 30. Rising: the store refuses or is slow; after two hours the write-ahead log ends and samples are lost.",
                unit: "s",
                width: 6,
                thresholds: levels(120, 1800),
                links: [logsOfPod(MONITORING)],
                queries: [
                    metrics(
                        "{{pod}}",
                        `max by (pod) (prometheus_remote_storage_queue_highest_timestamp_seconds{${inNamespace(MONITORING)}} - prometheus_remote_storage_queue_highest_sent_timestamp_seconds{${inNamespace(MONITORING)}})`,
                    ),
                ],
            }),
        ],
    ],
};
