import { NAMESPACE as CORTEX } from "../metrics/cortex/names";
import { NAMESPACE as COLLECTORS } from "../collectors/k8s-monitoring/names";
import { MONITORING } from "../kubernetes/namespaces";
import { NAMESPACE as LOKI } from "../logs/loki/names";
import { NAMESPACE as MINIO } from "../object-store/minio/names";
import { NAMESPACE as TEMPO } from "../traces/tempo/names";
import type { DashboardsArgs } from "./args";
import { CLUSTER, inNamespace, METRIC_COPIES, within } from "./selectors";
import { levels, metrics, number, table, type Panel, type Row } from "./spec";

/** What the platform costs: series, bytes, growth, and who causes them. */
export function cost({ objectStore }: DashboardsArgs): Row {
    return {
        title: "What it costs",
        panels: [
            number({
                title: "Active series",
                description:
                    "Series that had a sample lately, each counted once. Memory of the metrics store grows with them; the limit is the setting metrics.limits.maxSeries.",
                unit: "short",
                queries: [
                    metrics("series", `sum(cortex_ingester_active_series{${inNamespace(CORTEX)}}) / ${METRIC_COPIES}`),
                ],
            }),
            number({
                title: "Samples, last day",
                description: "Samples that the metrics store accepted in 24 hours.",
                unit: "short",
                queries: [
                    metrics(
                        "samples",
                        within("1d", `cortex_distributor_received_samples_total{${inNamespace(CORTEX)}}`),
                    ),
                ],
            }),
            number({
                title: "Logs, last day",
                description:
                    "Bytes of log lines in 24 hours, before compression (by which they shrink to about a tenth).",
                unit: "bytes",
                queries: [
                    metrics("bytes", within("1d", `loki_distributor_bytes_received_total{${inNamespace(LOKI)}}`)),
                ],
            }),
            number({
                title: "Spans, last day",
                description: "Spans in 24 hours. Fewer: the setting of tail sampling in the collectors.",
                unit: "short",
                queries: [
                    metrics("spans", within("1d", `tempo_distributor_spans_received_total{${inNamespace(TEMPO)}}`)),
                ],
            }),
            ...(objectStore === "minio" ? storedBytes() : []),
            table({
                title: "Samples of each scrape, by namespace",
                description:
                    "Where the series come from: the ten namespaces with the most. To lessen them: drop metrics in a ServiceMonitor's metricRelabelings, or labels with many values at their source.",
                unit: "short",
                width: 12,
                queries: [
                    metrics(
                        "",
                        `sort_desc(topk(10, sum by (namespace) (scrape_samples_post_metric_relabeling{${CLUSTER}})))`,
                    ),
                ],
            }),
            table({
                title: "Volumes of the platform, nearly full first",
                description:
                    "Share of each volume that is used. From 80 % on enlarge it; each system's README says how, since volume claims do not grow by a setting.",
                unit: "percentunit",
                width: 12,
                thresholds: levels(0.8, 0.9),
                queries: [
                    metrics(
                        "",
                        `sort_desc(topk(10, max by (namespace, persistentvolumeclaim) (1 - kubelet_volume_stats_available_bytes{${CLUSTER}, namespace=~"${[CORTEX, LOKI, TEMPO, MINIO, MONITORING, COLLECTORS].join("|")}"} / kubelet_volume_stats_capacity_bytes{${CLUSTER}})))`,
                    ),
                ],
            }),
        ],
    };
}

function storedBytes(): Panel[] {
    const used = `max(minio_cluster_usage_total_bytes{${inNamespace(MINIO)}})`;
    const before = `max(minio_cluster_usage_total_bytes{${inNamespace(MINIO)}} offset 1d)`;
    return [
        number({
            title: "In the object store",
            description:
                "Bytes of all blocks and chunks, before the copies of erasure coding. Counted every few hours.",
            unit: "bytes",
            queries: [metrics("bytes", used)],
        }),
        number({
            title: "Growth, last day",
            description:
                "What was added less what retention removed. Once the oldest data are as old as the retention it should be near 0; else see whether compactors run.",
            unit: "bytes",
            queries: [metrics("bytes", `${used} - ${before}`)],
        }),
    ];
}
