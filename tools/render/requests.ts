import { runsOn } from "../verify/pods";
import { requestsOf, sum, type Requests } from "../verify/requests";
import { podsIn } from "./effects";
import type { KubernetesObject } from "./manifests";

/**
 * What the pods of an object ask for, operators' pods included; nothing where there is no object. A pod of each node is
 * counted once, and one of a Job not at all.
 */
export function requestsIn(object: KubernetesObject | undefined): Requests {
    const sets = object === undefined ? [] : podsIn(object).filter(runsOn);
    return sum(sets.map((pods) => requestsOf(pods, pods.replicas ?? 1)));
}

export function difference(before: Requests, after: Requests): Requests {
    return {
        pods: after.pods - before.pods,
        cpu: after.cpu - before.cpu,
        memory: after.memory - before.memory,
        disk: after.disk - before.disk,
    };
}

/** For people, with signs: `+1 pod, -0.50 CPU`; empty where nothing is asked for more or less. */
export function signed({ pods, cpu, memory, disk }: Requests): string {
    const part = (value: number, text: string) => (Math.abs(value) < 1e-9 ? [] : [`${value > 0 ? "+" : "-"}${text}`]);
    const gib = (bytes: number) => `${(Math.abs(bytes) / 2 ** 30).toFixed(2)} GiB`;
    return [
        ...part(pods, `${Math.abs(pods)} ${Math.abs(pods) === 1 ? "pod" : "pods"}`),
        ...part(cpu, `${Math.abs(cpu).toFixed(2)} CPU`),
        ...part(memory, `${gib(memory)} of memory`),
        ...part(disk, `${gib(disk)} of disks`),
    ].join(", ");
}
