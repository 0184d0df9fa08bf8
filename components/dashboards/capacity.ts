import { CLUSTER, inChosen } from "./selectors";
import { graph, levels, metrics, number, table, type Dashboard, type Panel, type Row } from "./spec";

/** What the cluster has, what pods ask for, what they use. Nodes lost in a zone must find room on the others. */
export function capacity(): Dashboard {
    return {
        uid: "capacity",
        title: "Capacity",
        description: "What the cluster's nodes have, what pods ask for, and what they use of it.",
        byNamespace: true,
        from: "now-24h",
        rows: [cluster(), nodes(), namespaces()],
    };
}

const RESOURCES = [
    { resource: "cpu", name: "CPU", unit: "suffix: cores" },
    { resource: "memory", name: "Memory", unit: "bytes" },
] as const;

/** Only of pods that hold their place: requests of finished ones are still reported. */
function requests(resource: string, by: string, matchers = CLUSTER): string {
    const pod = "cluster, namespace, pod";
    return `sum by (${by}) (kube_pod_container_resource_requests{${matchers}, resource="${resource}"} * on (${pod}) group_left () max by (${pod}) (kube_pod_status_phase{${CLUSTER}, phase=~"Pending|Running"} == 1))`;
}

function allocatable(resource: string, by: string): string {
    return `sum by (${by}) (kube_node_status_allocatable{${CLUSTER}, resource="${resource}"})`;
}

const USED = {
    cpu: (by: string, matchers: string) =>
        `sum by (${by}) (rate(container_cpu_usage_seconds_total{${matchers}, container!=""}[$__rate_interval]))`,
    memory: (by: string, matchers: string) =>
        `sum by (${by}) (container_memory_working_set_bytes{${matchers}, container!=""})`,
} as const;

function cluster(): Row {
    const asked = RESOURCES.map(({ resource, name }) =>
        number({
            title: `${name} asked for`,
            description:
                "Requests, of what nodes can give. Above two thirds in three zones the loss of a zone leaves pods without room: add nodes.",
            unit: "percentunit",
            thresholds: levels(0.67, 0.9),
            queries: [
                metrics(
                    "asked for",
                    `sum(${requests(resource, "cluster")}) / sum(${allocatable(resource, "cluster")})`,
                ),
            ],
        }),
    );
    return {
        title: "Cluster",
        panels: [
            number({
                title: "Nodes not ready",
                description: "Normal: 0. Pods of such a node start elsewhere after five minutes, if there is room.",
                unit: "short",
                thresholds: [{ from: 1, color: "red" }],
                queries: [
                    metrics(
                        "nodes",
                        `count(kube_node_status_condition{${CLUSTER}, condition="Ready", status="true"} == 0) or vector(0)`,
                    ),
                ],
            }),
            ...asked,
            number({
                title: "Largest node's share",
                description: "Of all memory that nodes can give: how much is gone when that node is.",
                unit: "percentunit",
                thresholds: levels(0.34, 0.5),
                queries: [
                    metrics(
                        "share",
                        `max(kube_node_status_allocatable{${CLUSTER}, resource="memory"}) / sum(kube_node_status_allocatable{${CLUSTER}, resource="memory"})`,
                    ),
                ],
            }),
            number({
                title: "Pods without a node",
                description: "Normal: 0 after a minute. `kubectl describe pod` says which rule no node fulfils.",
                unit: "short",
                thresholds: [{ from: 1, color: "yellow" }],
                queries: [metrics("pods", `sum(kube_pod_status_unschedulable{${CLUSTER}}) or vector(0)`)],
            }),
            number({
                title: "Ended for memory, last day",
                description:
                    "Containers whose last end was the kernel's, in the chosen namespaces. Raise their limit, or find the leak.",
                unit: "short",
                thresholds: [{ from: 1, color: "yellow" }],
                queries: [
                    metrics(
                        "containers",
                        `count(kube_pod_container_status_last_terminated_reason{${inChosen('reason="OOMKilled"')}} == 1 and on (cluster, namespace, pod, container) increase(kube_pod_container_status_restarts_total{${inChosen()}}[1d]) > 0) or vector(0)`,
                    ),
                ],
            }),
            ...RESOURCES.map(({ resource, name, unit }) => overTime(resource, name, unit)),
        ],
    };
}

function overTime(resource: "cpu" | "memory", name: string, unit: "bytes" | "suffix: cores"): Panel {
    return graph({
        title: `${name}: there, asked for, used`,
        description:
            "Asked for decides where pods may go, used what nodes do. Used far below asked for is room paid for; above it, pods compete.",
        unit,
        width: 12,
        queries: [
            metrics("there", `sum(${allocatable(resource, "cluster")})`),
            metrics("asked for", `sum(${requests(resource, "cluster")})`),
            metrics("used", `sum(${USED[resource]("cluster", CLUSTER)})`),
        ],
    });
}

function nodes(): Row {
    return {
        title: "Nodes",
        panels: [
            ...RESOURCES.map(({ resource, name }) =>
                graph({
                    title: `${name} asked for, by node`,
                    description: "Of what the node can give. All near 1: a rollout that adds a pod first has no room.",
                    unit: "percentunit",
                    thresholds: levels(0.9, 1),
                    queries: [metrics("{{node}}", `${requests(resource, "node")} / ${allocatable(resource, "node")}`)],
                }),
            ),
            graph({
                title: "Memory in use, by node",
                description:
                    "As the node's kernel counts it. From 90 % on pods are evicted, those above their requests first.",
                unit: "percentunit",
                max: 1,
                thresholds: levels(0.8, 0.9),
                queries: [
                    metrics(
                        "{{instance}}",
                        `1 - node_memory_MemAvailable_bytes{${CLUSTER}} / node_memory_MemTotal_bytes{${CLUSTER}}`,
                    ),
                ],
            }),
        ],
    };
}

function namespaces(): Row {
    return {
        title: "Namespaces",
        panels: [
            ...RESOURCES.map(({ resource, name, unit }) =>
                table({
                    title: `${name}: asked for, by namespace`,
                    description: "The largest first, of the chosen namespaces.",
                    unit,
                    width: 6,
                    queries: [metrics("", `sort_desc(topk(15, ${requests(resource, "namespace", inChosen())}))`)],
                }),
            ),
            table({
                title: "Memory: used of asked for",
                description: "Above 100 %: the first to be evicted from a full node. Far below: ask for less.",
                unit: "percentunit",
                width: 6,
                thresholds: levels(1, 1.5),
                queries: [
                    metrics(
                        "",
                        `sort_desc(topk(15, ${USED.memory("namespace", inChosen())} / ${requests("memory", "namespace", inChosen())}))`,
                    ),
                ],
            }),
            table({
                title: "Volumes: used",
                description: "Those nearest to full, of the chosen namespaces.",
                unit: "percentunit",
                width: 6,
                thresholds: levels(0.8, 0.9),
                queries: [
                    metrics(
                        "",
                        `sort_desc(topk(15, max by (namespace, persistentvolumeclaim) (1 - kubelet_volume_stats_available_bytes{${inChosen()}} / kubelet_volume_stats_capacity_bytes{${inChosen()}})))`,
                    ),
                ],
            }),
        ],
    };
}
