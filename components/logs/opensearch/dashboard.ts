import { podRows } from "../../dashboards/pods";
import { graph, levels, metrics, type Dashboard, type Row } from "../../dashboards/spec";
import { NAMESPACE } from "./names";
import { status, taken, writes } from "./panels";

const of = (more = "") => `namespace="${NAMESPACE}"${more}`;

export function opensearchDashboard(): Dashboard {
    return {
        uid: "opensearch",
        title: "OpenSearch",
        description: "Copies, lines in, queries, heap and disks of the nodes.",
        from: "now-6h",
        rows: [health(), work(), ...podRows(NAMESPACE, "\\[(ERROR|WARN ?)\\]|ERROR")],
    };
}

function health(): Row {
    return {
        title: "Health",
        panels: [
            status,
            graph({
                title: "Nodes and shards that are on none",
                description:
                    "Shards are parts of an index with all their copies. Unassigned ones have no node: for minutes while a node is replaced, for longer where there is no room or no other zone.",
                unit: "short",
                queries: [
                    metrics("nodes", `max(elasticsearch_cluster_health_number_of_nodes{${of()}})`),
                    metrics("unassigned", `max(elasticsearch_cluster_health_unassigned_shards{${of()}})`),
                    metrics("being made", `max(elasticsearch_cluster_health_initializing_shards{${of()}})`),
                ],
            }),
            graph({
                title: "Heap, used",
                description: "By node. It rises and falls; where it stays above 85 % the node is short of memory.",
                unit: "percentunit",
                max: 1,
                thresholds: levels(0.75, 0.85),
                queries: [
                    metrics(
                        "{{name}}",
                        `max by (name) (elasticsearch_jvm_memory_used_bytes{${of(', area="heap"')}} / elasticsearch_jvm_memory_max_bytes{${of(', area="heap"')}})`,
                    ),
                ],
            }),
            graph({
                title: "Disks, used",
                description:
                    "By node. From 85 % on no copy is put on it, at 95 % OpenSearch takes no more lines: shorten logs.retention, or enlarge the volumes.",
                unit: "percentunit",
                max: 1,
                thresholds: levels(0.8, 0.85),
                queries: [
                    metrics(
                        "{{name}}",
                        `max by (name) (1 - elasticsearch_filesystem_data_available_bytes{${of()}} / elasticsearch_filesystem_data_size_bytes{${of()}})`,
                    ),
                ],
            }),
        ],
    };
}

function work(): Row {
    return {
        title: "Lines and queries",
        panels: [
            taken,
            writes,
            graph({
                title: "Queries",
                description: "By node, each part of a query for itself.",
                unit: "reqps",
                queries: [
                    metrics(
                        "{{name}}",
                        `sum by (name) (rate(elasticsearch_indices_search_query_total{${of()}}[$__rate_interval]))`,
                    ),
                ],
            }),
        ],
    };
}
