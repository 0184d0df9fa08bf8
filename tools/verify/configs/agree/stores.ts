import { parseGoYaml } from "../../../go-yaml";
import { at, record } from "../../../records";
import { nameOf, type ClusterModel } from "../../cluster-model";
import type { Agreements, Key } from "../../program";
import { agreementsOf, configFiles, flag, type ConfigFile } from "../files";

/** A store of the stack, as its configuration and its workloads describe it, and what these must agree with. */
export interface Store extends Agreements {
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
        const agreements = agreementsOf(program);
        if (kind !== "main" || agreements === undefined) return [];
        return [
            {
                ...agreements,
                namespace: holder.namespace,
                object: nameOf(holder),
                config: record(parseGoYaml(file.text).value),
                replicas: replicasByTarget(file),
            },
        ];
    });
}

/** What single tenants of a store are given in place of its limits, with the object that says so. */
export function tenantLimits(model: ClusterModel, store: Store): { tenant: string; limits: unknown; object: string }[] {
    return configFiles(model)
        .files.filter(({ program, kind, holder }) => {
            return kind === "runtime" && program === store.program && holder.namespace === store.namespace;
        })
        .flatMap(({ text, holder }) => {
            const overrides = record(at(parseGoYaml(text).value, "overrides"));
            return Object.entries(overrides).map(([tenant, limits]) => ({ tenant, limits, object: nameOf(holder) }));
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
export function configured({ config }: Pick<Store, "config">, ...[path, fallback]: Key): unknown {
    return at(config, path) ?? fallback;
}

/** Whether a key is given and not false; where no key is named, nothing is off. */
export function isOn({ config }: Store, path: string | undefined): boolean {
    return path === undefined || (at(config, path) ?? false) !== false;
}
