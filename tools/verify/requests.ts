import { cpuCores, memoryBytes } from "../plan/quantities";
import { at, record, records } from "../records";
import type { Pods } from "./pods";

/** What pods ask for: cores and bytes. */
export interface Requests {
    readonly cpu: number;
    readonly memory: number;
    readonly disk: number;
}

/** What one pod asks for, as the scheduler counts: all that run together, or the largest of those that run before. */
export function requestsOf({ spec, claims }: Pods): Requests {
    const of = (container: Record<string, unknown>): [number, number] => {
        const { requests, limits } = record(container.resources);
        const asked = { ...record(limits), ...record(requests) };
        return [cpuCores(asked.cpu), memoryBytes(asked.memory)];
    };
    const first = records(spec.initContainers);
    const stays = (container: Record<string, unknown>) => container.restartPolicy === "Always";
    const together = [...records(spec.containers), ...first.filter(stays)].map(of);
    const before = first.filter((container) => !stays(container)).map(of);
    const most = (i: 0 | 1) =>
        Math.max(
            together.reduce((total, each) => total + each[i], 0),
            ...before.map((each) => each[i]),
        );
    const sizes = claims.map((claim) => memoryBytes(at(claim, "spec.resources.requests.storage")));
    return { cpu: most(0), memory: most(1), disk: sizes.reduce((total, size) => total + size, 0) };
}
