import { logsOfPod } from "./links";
import { inNamespace } from "./selectors";
import { graph, levels, logs, metrics, type Row } from "./spec";

/** What is the same for every system: what its pods use of what they may, and what they complain of. */
export function podRows(namespace: string, complaint: string): Row[] {
    const of = (more?: string) => inNamespace(namespace, more);
    const container = "cluster, namespace, pod, container";
    const links = [logsOfPod(namespace)];
    return [
        {
            title: "Pods",
            panels: [
                graph({
                    title: "Memory, of the limit",
                    description:
                        "The container of each pod that is nearest to its limit. From 90 % on the kernel may end it; raise the memory in the settings of the system.",
                    unit: "percentunit",
                    max: 1,
                    width: 6,
                    thresholds: levels(0.8, 0.9),
                    links,
                    queries: [
                        metrics(
                            "{{pod}}",
                            `max by (pod) (max by (${container}) (container_memory_working_set_bytes{${of('container!=""')}}) / max by (${container}) (kube_pod_container_resource_limits{${of('resource="memory"')}}))`,
                        ),
                    ],
                }),
                graph({
                    title: "CPU",
                    description: "Cores in use. There are no limits; what is asked for is on the dashboard Capacity.",
                    unit: "suffix: cores",
                    width: 6,
                    links,
                    queries: [
                        metrics(
                            "{{pod}}",
                            `sum by (pod) (rate(container_cpu_usage_seconds_total{${of('container!=""')}}[$__rate_interval]))`,
                        ),
                    ],
                }),
                graph({
                    title: "Volumes, used",
                    description:
                        "Claims of a StatefulSet do not grow by a setting: from 80 % on enlarge them as the README of the system says.",
                    unit: "percentunit",
                    max: 1,
                    width: 6,
                    thresholds: levels(0.8, 0.9),
                    queries: [
                        metrics(
                            "{{persistentvolumeclaim}}",
                            `max by (persistentvolumeclaim) (1 - kubelet_volume_stats_available_bytes{${of()}} / kubelet_volume_stats_capacity_bytes{${of()}})`,
                        ),
                    ],
                }),
                graph({
                    title: "Restarts, last hour",
                    description:
                        "Normal: none. One for each pod is a rollout. More: read the log from before the restart (`kubectl logs --previous`).",
                    unit: "short",
                    width: 6,
                    links,
                    queries: [
                        metrics(
                            "{{pod}}",
                            `sum by (pod) (increase(kube_pod_container_status_restarts_total{${of()}}[1h])) > 0`,
                        ),
                    ],
                }),
            ],
        },
        {
            title: "Log",
            panels: [
                logs({
                    title: "Errors and warnings",
                    description:
                        "Normal: few, in bursts while pods are replaced. A line leads on to its pod; a line with a trace id leads to the trace.",
                    namespace,
                    complaint,
                }),
            ],
        },
    ];
}

/** How stores written in Go with the same logger mark a line that someone should read. */
export const STORE_COMPLAINT = "level=(error|warn)";
