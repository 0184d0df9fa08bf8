import { parseGoYaml } from "../../../go-yaml";
import { at, record } from "../../../records";
import { nameOf, type ClusterModel } from "../../cluster-model";
import { configFiles, flag, type ConfigFile } from "../files";

/** A store of the stack, as its configuration and its workloads describe it. */
export interface Store {
    readonly program: "cortex" | "loki" | "tempo";
    readonly namespace: string | undefined;
    /** How findings call it: the object that holds its configuration. */
    readonly object: string;
    readonly config: Readonly<Record<string, unknown>>;
    /** Pods by the part of the store that they run: its `-target`, `all` where there is none. */
    readonly replicas: ReadonlyMap<string, number>;
}

export function storesOf(model: ClusterModel): Store[] {
    return configFiles(model).files.flatMap((file): Store[] => {
        const { program, kind, holder } = file;
        if (kind !== "main" || (program !== "cortex" && program !== "loki" && program !== "tempo")) return [];
        return [
            {
                program,
                namespace: holder.namespace,
                object: nameOf(holder),
                config: record(parseGoYaml(file.text).value),
                replicas: replicasByTarget(file),
            },
        ];
    });
}

function replicasByTarget({ readers }: ConfigFile): Map<string, number> {
    const replicas = new Map<string, number>();
    for (const { args, pods } of readers) {
        const target = flag(args, "target") ?? "all";
        replicas.set(target, (replicas.get(target) ?? 0) + (pods.replicas ?? 1));
    }
    return replicas;
}

/** Pods that run a part of a store, alone or together with all others. */
export function replicasOf(store: Store, ...targets: string[]): number {
    return [...targets, "all"].reduce((sum, target) => sum + (store.replicas.get(target) ?? 0), 0);
}

/** A value of the configuration, or what the program takes where it is not given. */
export function configured({ config }: Pick<Store, "config">, path: string, fallback: unknown): unknown {
    return at(config, path) ?? fallback;
}

const UNITS: Readonly<Record<string, number>> = {
    ms: 1 / 3_600_000,
    s: 1 / 3600,
    m: 1 / 60,
    h: 1,
    d: 24,
    w: 168,
    y: 8760,
};

/** Hours of a duration as Go or Prometheus write it; a bare number is 0 or Go's nanoseconds. */
export function hoursOf(duration: unknown): number {
    if (typeof duration === "number") return duration / 3.6e12;
    const parts = [...String(duration).matchAll(/(\d+(?:\.\d+)?)(ms|[smhdwy])/g)];
    return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ""] ?? 0), 0);
}
