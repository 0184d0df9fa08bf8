import { cpuCores, memoryBytes } from "../plan/quantities";
import { at, record, records } from "../records";
import { podsIn } from "./effects";
import type { KubernetesObject } from "./manifests";

/** What pods ask of the cluster. A pod of each node is counted once, and one of a Job not at all. */
export interface Requests {
    readonly pods: number;
    readonly cores: number;
    /** In bytes. */
    readonly memory: number;
    /** In bytes. */
    readonly disks: number;
}

/** What the pods of an object ask for, operators' pods included; nothing where there is no object. */
export function requestsOf(object: KubernetesObject | undefined): Requests {
    const sets = object === undefined ? [] : podsIn(object).filter(({ kind }) => !kind.endsWith("Job"));
    return sum(
        sets.map(({ spec, claims, replicas = 1 }) => {
            const asked = records(spec.containers).map((container) => record(at(container, "resources.requests")));
            const total = (values: number[]) => replicas * values.reduce((a, b) => a + b, 0);
            return {
                pods: replicas,
                cores: total(asked.map(({ cpu }) => cpuCores(cpu))),
                memory: total(asked.map(({ memory }) => memoryBytes(memory))),
                disks: total(claims.map((claim) => memoryBytes(at(claim, "spec.resources.requests.storage")))),
            };
        }),
    );
}

export function sum(all: readonly Requests[]): Requests {
    const of = (key: keyof Requests) => all.reduce((total, each) => total + each[key], 0);
    return { pods: of("pods"), cores: of("cores"), memory: of("memory"), disks: of("disks") };
}

export function difference(before: Requests, after: Requests): Requests {
    return {
        pods: after.pods - before.pods,
        cores: after.cores - before.cores,
        memory: after.memory - before.memory,
        disks: after.disks - before.disks,
    };
}

/** For people, with signs: `+1 pod, -0.50 CPU`; empty where nothing is asked for more or less. */
export function signed({ pods, cores, memory, disks }: Requests): string {
    const part = (value: number, text: string) => (Math.abs(value) < 1e-9 ? [] : [`${value > 0 ? "+" : "-"}${text}`]);
    const gib = (bytes: number) => `${(Math.abs(bytes) / 2 ** 30).toFixed(2)} GiB`;
    return [
        ...part(pods, `${Math.abs(pods)} ${Math.abs(pods) === 1 ? "pod" : "pods"}`),
        ...part(cores, `${Math.abs(cores).toFixed(2)} CPU`),
        ...part(memory, `${gib(memory)} of memory`),
        ...part(disks, `${gib(disks)} of disks`),
    ].join(", ");
}
