/** Requests and limits. Memory is limited; CPU is not, since throttling a store turns load into lost quorum. */
export interface Resources {
    requests: { cpu: string; memory: string };
    limits: { memory: string };
}

/** `resources("500m", "1Gi", "2Gi")`: CPU and memory asked for, memory not to be passed. */
export function resources(cpu: string, memory: string, memoryLimit: string): Resources {
    return { requests: { cpu, memory }, limits: { memory: memoryLimit } };
}
