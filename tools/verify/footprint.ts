import { memoryBytes } from "../plan/quantities";
import { at, records } from "../records";
import { PROGRAM } from "../render/manifests";
import { nodesFor, type NodeSize } from "./packing";
import { runsOn, type Pods } from "./pods";
import { requestsOf, sum, type Requests } from "./requests";
import { replicasOf } from "./workloads";
import type { ClusterModel } from "./cluster-model";

/** What a release's pods ask for, one node counted for those that run on each. */
export interface SystemFootprint extends Requests {
    readonly system: string;
    readonly objects: number;
    /** Of those, on each node. */
    readonly perNode: number;
}

export interface Footprint {
    readonly systems: readonly SystemFootprint[];
    readonly total: Omit<SystemFootprint, "system">;
    readonly node: NodeSize;
    /** Nodes of that size that hold everything; undefined where a pod fits on none. */
    readonly nodes: number | undefined;
}

/** What a stack asks of the cluster, jobs left out: their pods come and go. */
export function footprintOf(model: ClusterModel, node: NodeSize): Footprint {
    const names = [...new Set(model.objects.map(({ release }) => release))].sort();
    const systems = names.map((system) => {
        const own = model.pods.filter((pods) => pods.owner.release === system && runsOn(pods));
        const objects = model.objects.filter(({ release }) => release === system).length;
        return { system: system === PROGRAM ? "(the program's own)" : system, objects, ...ofAll(model, own) };
    });
    const running = model.pods.filter(runsOn);
    return {
        systems,
        total: { objects: model.objects.length, ...ofAll(model, running) },
        node,
        nodes: nodesFor(model, running, node),
    };
}

function ofAll(model: ClusterModel, all: readonly Pods[]): Omit<SystemFootprint, "system" | "objects"> {
    const asked = all.map((each) => {
        const count = each.kind === "Instances" ? each.replicas : replicasOf(model, each);
        const requests = requestsOf(each, count ?? 1);
        return { ...requests, disk: requests.disk + claimedBy(model, each) };
    });
    return { ...sum(asked), perNode: all.filter(({ kind }) => kind === "DaemonSet").length };
}

/** Bytes of the volumes that pods share, or that a single one has: claims that stand for themselves. */
function claimedBy({ find }: ClusterModel, { spec, namespace }: Pods): number {
    const names = records(spec.volumes).map((volume) => at(volume, "persistentVolumeClaim.claimName"));
    return names
        .filter((name) => typeof name === "string")
        .map((name) =>
            memoryBytes(at(find("PersistentVolumeClaim", namespace, name), "spec.resources.requests.storage")),
        )
        .reduce((total, size) => total + size, 0);
}
