import { WORKLOADS } from "../../policies/catalogue/catalogue";
import type { Workload } from "../../policies/catalogue/workload";
import { record, records } from "../records";
import type { Pods } from "./pods";
import type { ClusterModel } from "./cluster-model";

/** Roles whose pods are not named after them. */
const LABELS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "minio.servers": { app: "minio" },
    "database.instances": { "cnpg.io/podRole": "instance" },
    "postgres.operator": { "app.kubernetes.io/name": "cloudnative-pg" },
    "cortex.gateway": { "app.kubernetes.io/name": "cortex", "app.kubernetes.io/component": "nginx" },
    "kube-prometheus-stack.prometheus": { "app.kubernetes.io/name": "prometheus" },
    "kube-prometheus-stack.alertmanager": { "app.kubernetes.io/name": "alertmanager" },
    "kube-prometheus-stack.grafana": { "app.kubernetes.io/name": "grafana" },
    "kube-prometheus-stack.kube-state-metrics": { "app.kubernetes.io/name": "kube-state-metrics" },
    "blackbox-exporter": { "app.kubernetes.io/name": "prometheus-blackbox-exporter" },
    pushgateway: { "app.kubernetes.io/name": "prometheus-pushgateway" },
    "k8s-monitoring.metrics": { "app.kubernetes.io/name": "alloy-metrics" },
    "k8s-monitoring.receiver": { "app.kubernetes.io/name": "alloy-receiver" },
    "k8s-monitoring.events": { "app.kubernetes.io/name": "alloy-events" },
    "k8s-monitoring.sampler": { "app.kubernetes.io/name": "alloy-sampler" },
};

function labelsOf(key: string): Readonly<Record<string, string>> {
    const [system = "", role = ""] = key.split(".");
    return LABELS[key] ?? { "app.kubernetes.io/name": system, "app.kubernetes.io/component": role };
}

/** The workload of the policies' catalogue that these pods are; undefined for one that it does not know. */
export function workloadOf(pods: Pods): Workload | undefined {
    if (!runsOn(pods)) return undefined;
    return WORKLOADS.find(({ key }) =>
        Object.entries(labelsOf(key)).every(([label, value]) => pods.labels[label] === value),
    );
}

/** Whether pods stay, other than those of a job that ends. */
export function runsOn({ kind }: Pods): boolean {
    return kind !== "Job" && kind !== "CronJob";
}

/** Pods that are alike in all but a role that may change hands, as a database's primary and its replicas are. */
export function alike(model: ClusterModel, pods: Pods): readonly Pods[] {
    return model.pods.filter(({ owner, kind }) => owner === pods.owner && kind === pods.kind);
}

/** Fewest pods that there will be of these and those alike; undefined for one on each node. */
export function replicasOf(model: ClusterModel, pods: Pods): number | undefined {
    const scaled = scalerOf(model, pods);
    if (scaled !== undefined) return scaled;
    const all = alike(model, pods).map(({ replicas }) => replicas);
    return all.includes(undefined) ? undefined : all.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** The least that an autoscaler keeps. */
function scalerOf({ ofKind }: ClusterModel, { namespace, name, kind }: Pods): number | undefined {
    const scalers = [
        ...ofKind("HorizontalPodAutoscaler").map((each) => ({ each, least: "minReplicas", none: 1 })),
        ...ofKind("ScaledObject").map((each) => ({ each, least: "minReplicaCount", none: 0 })),
    ];
    for (const { each, least, none } of scalers) {
        const spec = record(each.object.spec);
        const target = record(spec.scaleTargetRef);
        if (each.namespace !== namespace || target.name !== name || (target.kind ?? "Deployment") !== kind) continue;
        const given = spec[least];
        return typeof given === "number" ? given : none;
    }
    return undefined;
}

/** Workloads that are alone in production too, by the name of their pods' owner, and why that is no loss. */
const ALONE: Readonly<Record<string, string>> = {
    "loki-compactor": "two would both delete: while it is away, deletions wait",
    "plugin-barman-cloud":
        "its program runs once: while it is away, archiving goes on, and changes of the database wait",
    "kps-operator": "its chart runs one, and has no leader election: while it is away, changes wait",
    "kube-state-metrics": "two would count everything twice: while it is away, its series have a gap",
    "tempo-vulture": "a canary: while it is away nothing is lost, and an alert tells of its silence",
};

/** Why these pods may be a single one in production; undefined where they may not. */
export function aloneSince({ name }: Pods): string | undefined {
    return ALONE[name];
}

/** Containers that run as long as the pod does, or before it does. */
export function containersOf({ spec }: Pods): { container: Record<string, unknown>; init: boolean }[] {
    return [
        ...records(spec.initContainers).map((container) => ({ container, init: true })),
        ...records(spec.containers).map((container) => ({ container, init: false })),
    ];
}
