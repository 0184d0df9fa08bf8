import type { System } from "../contracts/system";
import { CLUSTER } from "./selectors";
import { levels, metrics, table, type Row } from "./spec";

/** What the platform costs: series, bytes, growth, and who causes them. */
export function cost(systems: readonly System[]): Row {
    const namespaces = [...new Set(systems.flatMap((system) => system.namespaces))].join("|");
    return {
        title: "What it costs",
        panels: [
            ...systems.flatMap((system) => system.panels?.cost ?? []),
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
                        `sort_desc(topk(10, max by (namespace, persistentvolumeclaim) (1 - kubelet_volume_stats_available_bytes{${CLUSTER}, namespace=~"${namespaces}"} / kubelet_volume_stats_capacity_bytes{${CLUSTER}})))`,
                    ),
                ],
            }),
        ],
    };
}
