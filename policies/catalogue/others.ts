import { both, type Workload } from "./workload";

const minio: Workload = {
    key: "minio.servers",
    chart: "minio",
    least: { node: 4, zone: 6 },
    replicas: "replicas",
    needs: [],
    scalers: [],
    quorum: true,
    affinity: "affinity",
    spread: "topologySpreadConstraints",
    budget: { at: "podDisruptionBudget", switch: "enabled" },
    resources: "resources",
    why: "too few drives are left for a write quorum when a node or a zone goes, and every store stops with it",
    setting: "observability:objectStore.servers",
};

const postgres: readonly Workload[] = [
    {
        key: "database.instances",
        chart: "postgresql.cnpg.io/Cluster",
        least: both(3),
        replicas: "spec.instances",
        needs: [],
        scalers: [],
        quorum: true,
        apart: { path: "spec.affinity.podAntiAffinityType", is: "required", topology: "spec.affinity.topologyKey" },
        spread: "spec.topologySpreadConstraints",
        resources: "spec.resources",
        why: "a failover leaves no standby, and dashboards and users are gone with the next loss",
        setting: "observability:database.instances",
    },
    {
        key: "postgres.operator",
        chart: "cloudnative-pg",
        least: both(2),
        replicas: "replicaCount",
        needs: [],
        scalers: [],
        quorum: false,
        affinity: "affinity",
        spread: "topologySpreadConstraints",
        strategy: "updateStrategy",
        resources: "resources",
        why: "while its node is away no failover is made",
        setting: "observability:database.replicas.operator",
    },
];

const blackboxExporter: Workload = {
    key: "blackbox-exporter",
    chart: "prometheus-blackbox-exporter",
    least: both(2),
    replicas: "replicas",
    needs: [],
    scalers: [],
    quorum: false,
    affinity: "affinity",
    spread: "topologySpreadConstraints",
    budget: { at: "podDisruptionBudget" },
    strategy: "strategy",
    resources: "resources",
    why: "while its node is away every probe fails, and every alert on one fires",
    setting: "observability:blackboxExporter.replicas",
};

const pushgateway: Workload = {
    key: "pushgateway",
    chart: "prometheus-pushgateway",
    least: both(1),
    exactly: true,
    replicas: "replicaCount",
    needs: [],
    scalers: [],
    quorum: false,
    resources: "resources",
    why: "none: jobs push into nothing; two: each keeps for ever what the other has newer",
    setting: "observability:pushgateway.values.replicaCount",
};

function prometheusOperated(at: string, key: string, least: number, why: string): Workload {
    return {
        key: `kube-prometheus-stack.${key}`,
        chart: "kube-prometheus-stack",
        least: both(least),
        replicas: `${at}.${at}Spec.replicas`,
        // Both run only where their operator does.
        needs: [`${at}.enabled`, "prometheusOperator.enabled"].map((path) => ({ path, is: [true] })),
        scalers: [],
        quorum: true,
        affinity: `${at}.${at}Spec.affinity`,
        apart: {
            path: `${at}.${at}Spec.podAntiAffinity`,
            is: "hard",
            topology: `${at}.${at}Spec.podAntiAffinityTopologyKey`,
        },
        spread: `${at}.${at}Spec.topologySpreadConstraints`,
        budget: { at: `${at}.podDisruptionBudget`, switch: "enabled" },
        resources: `${at}.${at}Spec.resources`,
        why,
        setting: `observability:kubePrometheusStack.${key}.replicas`,
    };
}

function single(at: string, key: string, needs: string, why: string): Workload {
    return {
        key: `kube-prometheus-stack.${key}`,
        chart: "kube-prometheus-stack",
        least: both(1),
        replicas: `${at}.replicas`,
        needs: [{ path: needs, is: [true] }],
        scalers: [],
        quorum: false,
        resources: `${at}.resources`,
        why,
        setting: `observability:kubePrometheusStack.values.${at}.replicas`,
    };
}

const kubePrometheusStack: readonly Workload[] = [
    prometheusOperated("prometheus", "prometheus", 2, "while its node is away nothing is scraped and no alert fires"),
    prometheusOperated("alertmanager", "alertmanager", 3, "alerts are lost or sent twice when a member goes"),
    {
        key: "kube-prometheus-stack.grafana",
        chart: "kube-prometheus-stack",
        least: both(2),
        replicas: "grafana.replicas",
        needs: [{ path: "grafana.enabled", is: [true] }],
        scalers: [{ on: "grafana.autoscaling.enabled", least: "grafana.autoscaling.minReplicas" }],
        quorum: false,
        affinity: "grafana.affinity",
        spread: "grafana.topologySpreadConstraints",
        budget: { at: "grafana.podDisruptionBudget" },
        strategy: "grafana.deploymentStrategy",
        resources: "grafana.resources",
        why: "nobody sees a dashboard during the incident that took its node",
        setting: "observability:grafana.replicas",
    },
    single("kube-state-metrics", "kube-state-metrics", "kubeStateMetrics.enabled", "alerts on workloads stay silent"),
];

function collector(name: string, key: string, least: number, why: string): Workload {
    const at = `collectors.${name}.controller`;
    return {
        key: `k8s-monitoring.${key}`,
        chart: "k8s-monitoring",
        least: both(least),
        replicas: `${at}.replicas`,
        needs: [],
        scalers: ["autoscaling", "autoscaling.horizontal"].map((scaler) => ({
            on: `${at}.${scaler}.enabled`,
            least: `${at}.${scaler}.minReplicas`,
        })),
        collector: `collectors.${name}`,
        quorum: false,
        affinity: `${at}.affinity`,
        spread: `${at}.topologySpreadConstraints`,
        budget: { at: `${at}.podDisruptionBudget`, switch: "enabled" },
        strategy: `${at}.updateStrategy`,
        resources: `collectors.${name}.alloy.resources`,
        why,
        setting: `observability:k8sMonitoring.replicas.${key}`,
    };
}

const SAMPLING = "destinations.traces.processors.tailSampling";

const sampler: Workload = {
    ...collector("alloy-sampler", "sampler", 2, "traces are not kept until a replacement has started"),
    replicas: `${SAMPLING}.collector.controller.replicas`,
    onlyIf: { path: `${SAMPLING}.enabled`, is: true },
    scalers: [],
    collector: `${SAMPLING}.collector`,
    affinity: `${SAMPLING}.collector.controller.affinity`,
    spread: `${SAMPLING}.collector.controller.topologySpreadConstraints`,
    budget: { at: `${SAMPLING}.collector.controller.podDisruptionBudget`, switch: "enabled" },
    strategy: `${SAMPLING}.collector.controller.updateStrategy`,
    resources: `${SAMPLING}.collector.alloy.resources`,
};

const k8sMonitoring: readonly Workload[] = [
    collector("alloy-metrics", "metrics", 3, "targets are not scraped until a replacement has started"),
    collector("alloy-receiver", "receiver", 3, "what applications push has nowhere to go"),
    collector("alloy-events", "events", 2, "the cluster's events are not kept"),
    sampler,
];

export const OTHERS: readonly Workload[] = [
    minio,
    ...postgres,
    ...kubePrometheusStack,
    ...k8sMonitoring,
    blackboxExporter,
    pushgateway,
];
