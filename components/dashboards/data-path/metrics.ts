import { NAMESPACE as CORTEX } from "../../metrics/cortex/names";
import { MONITORING } from "../../kubernetes/namespaces";
import { logsOfPod } from "../links";
import { inChosen, inNamespace, perSecond } from "../selectors";
import { graph, levels, metrics, type Row } from "../spec";

/** Metrics from the target to the object store. */
export function metricsPath(): Row {
    const cortex = (more?: string) => inNamespace(CORTEX, more);
    const remote = (name: string) =>
        perSecond(`prometheus_remote_storage_${name}_total{${inNamespace(MONITORING)}}`, "pod");
    return {
        title: "Metrics: target → Prometheus → gateway → distributor → ingester → object store",
        panels: [
            graph({
                title: "1 Scraped by Prometheus",
                description:
                    "Samples of one scrape of all targets, by namespace; one replica of the pair. A step down is a target gone, a step up new labels. `down` counts targets that did not answer: normally 0.",
                unit: "short",
                width: 6,
                queries: [
                    metrics("{{namespace}}", `sum by (namespace) (scrape_samples_scraped{${inChosen()}})`),
                    metrics("down", `count(up{${inChosen()}} == 0)`),
                ],
            }),
            graph({
                title: "2 Sent by Prometheus",
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
                title: "2 Prometheus is behind by",
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
            graph({
                title: "3 Pushes that distributors answered",
                description:
                    "By status. The gateway before them has no metrics: what Prometheus retries and is not here, the gateway refused. 202 is a sample of the replica that is not elected; 4xx are dropped for good, 5xx are sent again.",
                unit: "reqps",
                width: 6,
                queries: [
                    metrics(
                        "{{status_code}}",
                        perSecond(
                            `cortex_request_duration_seconds_count{${cortex('route="api_v1_push"')}}`,
                            "status_code",
                        ),
                    ),
                ],
            }),
            graph({
                title: "4 Distributors: samples",
                description:
                    "Deduped come from the replica that is not elected: about half of what arrives. Discarded are lost, by reason; normally none.",
                unit: "cps",
                queries: [
                    metrics("arriving", perSecond(`cortex_distributor_samples_in_total{${cortex()}}`)),
                    metrics("accepted", perSecond(`cortex_distributor_received_samples_total{${cortex()}}`)),
                    // Its own label `cluster` names the pair, not the cluster.
                    metrics("deduped", perSecond(`cortex_distributor_deduped_samples_total{namespace="${CORTEX}"}`)),
                    metrics(
                        "discarded: {{reason}}",
                        perSecond(`cortex_discarded_samples_total{${cortex()}}`, "reason"),
                    ),
                ],
            }),
            graph({
                title: "5 Ingesters",
                description:
                    "Samples that ingesters took, by pod, and those that distributors could not hand over. With three copies of each the lines lie together; one that falls is away or slow.",
                unit: "cps",
                links: [logsOfPod(CORTEX)],
                queries: [
                    metrics("{{pod}}", perSecond(`cortex_ingester_ingested_samples_total{${cortex()}}`, "pod")),
                    metrics(
                        "{{pod}} failed",
                        perSecond(`cortex_ingester_ingested_samples_failures_total{${cortex()}}`, "pod"),
                    ),
                    metrics(
                        "not handed over",
                        perSecond(`cortex_distributor_ingester_append_failures_total{${cortex()}}`),
                    ),
                ],
            }),
            graph({
                title: "6 Oldest block that is not in the object store",
                description:
                    "Ingesters upload every two hours. Normal: below three hours, or no data. Older: uploads fail; the volumes of the ingesters fill up.",
                unit: "s",
                thresholds: levels(10_800, 21_600),
                links: [logsOfPod(CORTEX)],
                queries: [
                    metrics(
                        "{{pod}}",
                        `max by (pod) (time() - (cortex_ingester_oldest_unshipped_block_timestamp_seconds{${cortex()}} > 0))`,
                    ),
                ],
            }),
        ],
    };
}
