import { counted, workload, type System, type Workload } from "../kubernetes/workload";
import { signozChart } from "./chart";
import { podLabels } from "./names";

const SYSTEM: System = {
    name: "signoz",
    settings: "signoz",
    chart: signozChart.name,
    below: { replicas: "replicaCount", strategy: undefined },
};

export const signozReplicated = counted(SYSTEM, {
    collector: {
        at: "otelCollector",
        labels: podLabels("collector"),
        least: 2,
        why: "while its node is away the collectors' queues fill, and what comes beyond is dropped for SigNoz",
        scalers: [{ on: "otelCollector.autoscaling.enabled", least: "otelCollector.autoscaling.minReplicas" }],
    },
});

export const signozWorkloads: readonly Workload[] = [
    ...Object.values(signozReplicated),
    workload(SYSTEM, "screens", {
        at: "signoz",
        labels: podLabels("screens"),
        least: 1,
        exactly: true,
        why: "none: nobody sees anything; two: each has users, dashboards and alerts of its own in a file",
    }),
];
