import { at, isRecord, records } from "../records";
import type { Pods } from "./pods";
import { requestsOf } from "./requests";
import { selects } from "./selectors";
import type { ClusterModel } from "./cluster-model";
import { replicasOf } from "./workloads";

/** What pods may ask of a node, in cores and bytes: its size less what the system keeps. */
export interface NodeSize {
    readonly cpu: number;
    readonly memory: number;
}

interface Node {
    readonly zone: number;
    readonly pods: Pods[];
    cpu: number;
    memory: number;
}

/** More than that are not tried. */
const MOST_NODES = 200;

/**
 * Fewest nodes of a size that hold these pods, the largest placed first, each where it fits: hosts and zones kept apart
 * where that is required. Nodes stand in three zones in turn where a zone is to be survived, in one otherwise. Not the
 * least there can be, as no scheduler's result is.
 */
export function nodesFor(model: ClusterModel, pods: readonly Pods[], size: NodeSize): number | undefined {
    const zones = model.settings.platform.survives === "zone" ? 3 : 1;
    for (let count = 1; count <= MOST_NODES; count++) if (fits(model, pods, size, count, zones)) return count;
    return undefined;
}

function fits(model: ClusterModel, all: readonly Pods[], size: NodeSize, count: number, zones: number): boolean {
    const daemons = all.filter(({ kind }) => kind === "DaemonSet");
    const taken = daemons
        .map((each) => requestsOf(each, 1))
        .reduce((sum, { cpu, memory }) => ({ cpu: sum.cpu + cpu, memory: sum.memory + memory }), {
            cpu: 0,
            memory: 0,
        });
    const nodes = Array.from({ length: count }, (_, i): Node => ({
        zone: i % zones,
        pods: [],
        cpu: size.cpu - taken.cpu,
        memory: size.memory - taken.memory,
    }));
    const share = (pods: Pods) => {
        const { cpu, memory } = requestsOf(pods, 1);
        return Math.max(cpu / size.cpu, memory / size.memory);
    };
    const single = all
        .filter(({ kind }) => kind !== "DaemonSet")
        .sort((a, b) => share(b) - share(a))
        .flatMap((pods) => {
            const replicas = pods.kind === "Instances" ? (pods.replicas ?? 1) : (replicasOf(model, pods) ?? 1);
            return Array.from({ length: replicas }, () => pods);
        });
    return single.every((pods) => {
        const { cpu, memory } = requestsOf(pods, 1);
        const node = nodes.find((each) => each.cpu >= cpu && each.memory >= memory && allows(each, pods, nodes, zones));
        if (node === undefined) return false;
        node.pods.push(pods);
        node.cpu -= cpu;
        node.memory -= memory;
        return true;
    });
}

const REQUIRED = "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution";

/** Whether the required rules of the pods, and of those that are there, let one more stand on a node. */
function allows(node: Node, pods: Pods, nodes: readonly Node[], zones: number): boolean {
    if (node.pods.some((other) => keepsOff(pods, other) || keepsOff(other, pods))) return false;
    return records(pods.spec.topologySpreadConstraints)
        .filter(({ whenUnsatisfiable }) => whenUnsatisfiable !== "ScheduleAnyway")
        .every(({ topologyKey, labelSelector, maxSkew }) => {
            if (topologyKey !== "topology.kubernetes.io/zone" || !isRecord(labelSelector)) return true;
            const counts = Array.from({ length: zones }, (_, zone) =>
                nodes
                    .filter((each) => each.zone === zone)
                    .flatMap((each) => each.pods)
                    .filter((each) => each.namespace === pods.namespace && selects(labelSelector, each.labels)),
            ).map(({ length }) => length);
            return (counts[node.zone] ?? 0) + 1 - Math.min(...counts) <= Number(maxSkew);
        });
}

function keepsOff(pods: Pods, other: Pods): boolean {
    return (
        pods.namespace === other.namespace &&
        records(at(pods.spec, REQUIRED)).some(
            ({ topologyKey, labelSelector }) =>
                topologyKey === "kubernetes.io/hostname" &&
                isRecord(labelSelector) &&
                selects(labelSelector, other.labels),
        )
    );
}
