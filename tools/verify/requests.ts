import { cpuCores, memoryBytes } from "../plan/quantities";
import { at, record, records } from "../records";
import type { Pods } from "./pods";

/** What pods ask of the cluster: cores and bytes. */
export interface Requests {
    readonly pods: number;
    readonly cpu: number;
    readonly memory: number;
    readonly disk: number;
}

/** What so many pods ask for, as the scheduler counts: all that run together, or the largest of those that run before. */
export function requestsOf({ spec, claims }: Pods, count: number): Requests {
    const of = (container: Record<string, unknown>): [number, number] => {
        const { requests, limits } = record(container.resources);
        const asked = { ...record(limits), ...record(requests) };
        return [cpuCores(asked.cpu), memoryBytes(asked.memory)];
    };
    const first = records(spec.initContainers);
    const stays = (container: Record<string, unknown>) => container.restartPolicy === "Always";
    const together = [...records(spec.containers), ...first.filter(stays)].map(of);
    const before = first.filter((container) => !stays(container)).map(of);
    const most = (i: 0 | 1) => Math.max(total(together.map((each) => each[i])), ...before.map((each) => each[i]));
    const sizes = claims.map((claim) => memoryBytes(at(claim, "spec.resources.requests.storage")));
    return { pods: count, cpu: count * most(0), memory: count * most(1), disk: count * total(sizes) };
}

export function sum(all: readonly Requests[]): Requests {
    const of = (key: keyof Requests) => total(all.map((each) => each[key]));
    return { pods: of("pods"), cpu: of("cpu"), memory: of("memory"), disk: of("disk") };
}

function total(values: readonly number[]): number {
    return values.reduce((a, b) => a + b, 0);
}
