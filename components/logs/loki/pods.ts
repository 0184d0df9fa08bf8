import { resources } from "../../kubernetes/resources";
import { hostAntiAffinity, zoneSpread, type Alike, type Survives } from "../../kubernetes/placement";

/** Lets drains proceed one pod at a time; a pod that is not ready holds none up. The chart omits it for one replica. */
export const DRAINABLE = { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" };

/** The chart's own affinity is required of every pod, and an empty map would be merged away. */
const ANYWHERE = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [] } };

/** What every replicated workload says: how many, where, and how fast they may be taken. */
export function replicated(alike: Alike, replicas: number, survives: Survives) {
    return {
        replicas,
        affinity: hostAntiAffinity(alike.labels, survives) ?? ANYWHERE,
        topologySpreadConstraints: (zoneSpread(alike, survives) ?? []).map((spread) => ({ ...spread })),
        podDisruptionBudget: DRAINABLE,
    };
}

/** A volume for each pod. */
export function persisted(size: string, storageClass: string | undefined) {
    return { enabled: true, size, ...(storageClass !== undefined && { storageClass }) };
}

/** The same for components whose volumes are a list in the chart. */
export function claimed(size: string, storageClass: string | undefined) {
    return {
        enabled: true,
        claims: [
            { name: "data", accessModes: ["ReadWriteOnce"], size, ...(storageClass !== undefined && { storageClass }) },
        ],
    };
}

/** What an exporter beside a cache or the gateway asks for. */
export const EXPORTER = resources("10m", "32Mi", "64Mi");
