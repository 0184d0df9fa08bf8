import type { KubernetesVersion } from "../kubernetes/versions";
import type { Counted } from "../kubernetes/workload";

/** What one workload needs for a load, and how that is known. */
export interface Figure {
    /** The workload's key, such as `cortex.ingester`: several systems may have their numbers of the same setting. */
    readonly workload: string;
    /** Path of its replica count in the settings, such as `metrics.replicas.ingester`. */
    readonly setting: string;
    readonly replicas: number;
    /** Cores that one pod asks for. */
    readonly cpu: number;
    /** Bytes that one pod asks for. */
    readonly memory: number;
    /** Path of the setting that the memory asked for follows from, where that is not the chart's own value. */
    readonly memorySetting?: string;
    readonly volume?: Volume;
    readonly formula: string;
    readonly source: string;
}

/** One pod's volume. */
export interface Volume {
    /** Path of its size in the settings. */
    readonly setting: string;
    /** Bytes that the load needs. */
    readonly needed: number;
    /** Bytes to write down: no fewer than the settings have by default. */
    readonly bytes: number;
}

/** A limit of the settings that a load must stay below, else its data is refused. */
export interface Ceiling {
    readonly setting: string;
    readonly value: number;
    readonly formula: string;
}

/** A size by itself, of a volume, a cache or a memory: no figure's, or more than a figure asks of it. */
export interface Room {
    /** Path of its size in the settings. */
    readonly setting: string;
    /** Bytes that each pod with it needs. */
    readonly bytes: number;
    readonly formula: string;
    readonly source: string;
}

/** Bytes that a bucket's data will fill in the end. */
export interface Stored {
    /** Path of the bucket's name in the settings. */
    readonly setting: string;
    readonly bytes: number;
    readonly formula: string;
    readonly source: string;
}

/** What a system needs. */
export interface Needs {
    readonly figures: readonly Figure[];
    /** Absent where figures hold all that it takes. */
    readonly rooms?: readonly Room[];
    readonly stored: readonly Stored[];
    readonly ceilings: readonly Ceiling[];
    /** What no longer scales, and where to go from there. */
    readonly limits: readonly string[];
    /** The oldest version of Kubernetes that carries this, where the settings' default is older. */
    readonly kubernetes?: KubernetesVersion;
}

/** Whose figure it is. */
export function of({ key, setting }: Counted): Pick<Figure, "workload" | "setting"> {
    return { workload: key, setting };
}

export const GIB = 2 ** 30;
export const MB = 1e6;
export const GB = 1e9;

/** Advised by https://grafana.com/docs/mimir/latest/manage/run-production-environment/planning-capacity/ for peaks. */
export const HEADROOM = 1.5;

/** A pod grows to this size before there is another one: fewer nodes are needed, and a rollout ends sooner. */
const LARGEST = { cpu: 4, memory: 16 * GIB };
const SMALLEST = { cpu: 0.5, memory: GIB / 2 };

/**
 * Shares a sum of cores and bytes out among pods alike: first larger pods, then more of them, and never fewer than
 * availability asks for. Their number is a multiple of the zones, so
 * that each zone has as many.
 */
export function pods(
    cores: number,
    bytes: number,
    atLeast: number,
    zones = 1,
): Pick<Figure, "replicas" | "cpu" | "memory"> {
    const enough = Math.max(atLeast, Math.ceil(cores / LARGEST.cpu), Math.ceil(bytes / LARGEST.memory));
    const replicas = Math.ceil(enough / zones) * zones;
    return { replicas, ...each(cores / replicas, bytes / replicas) };
}

/** One pod's requests, rounded up to a quarter of a core and half a GiB, and never tiny. */
export function each(cores: number, bytes: number): Pick<Figure, "cpu" | "memory"> {
    return {
        cpu: Math.max(SMALLEST.cpu, Math.ceil(cores * 4) / 4),
        memory: Math.max(SMALLEST.memory, Math.ceil(bytes / (GIB / 2)) * (GIB / 2)),
    };
}

/** A volume in whole GiB. */
export function volume(setting: string, bytes: number, atLeast: number): Volume {
    const needed = Math.ceil(bytes / GIB);
    return { setting, needed: needed * GIB, bytes: Math.max(atLeast, needed) * GIB };
}
