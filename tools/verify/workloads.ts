import { record, records } from "../records";
import { runsOn, type Pods } from "./pods";
import type { ClusterModel } from "./cluster-model";
import { WORKLOADS, type Workload } from "./program";

/** The workload that these pods are; undefined for one that no system names. */
export function workloadOf(pods: Pods): Workload | undefined {
    if (!runsOn(pods)) return undefined;
    return WORKLOADS.find(
        ({ labels }) =>
            labels !== undefined && Object.entries(labels).every(([label, value]) => pods.labels[label] === value),
    );
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

/** Containers that run as long as the pod does, or before it does. */
export function containersOf({ spec }: Pods): { container: Record<string, unknown>; init: boolean }[] {
    return [
        ...records(spec.initContainers).map((container) => ({ container, init: true })),
        ...records(spec.containers).map((container) => ({ container, init: false })),
    ];
}
