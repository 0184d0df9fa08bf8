import { strings } from "../../../records";
import type { Check } from "../../check";
import type { Found } from "../../finding";
import { configured, replicasOf, storesOf, type Store } from "./stores";

/** A store cannot write where fewer members are alive than a majority of its copies. */
export const replicationFactors: Check = {
    name: "replication-factors",
    promise: "Each store that keeps copies has at least as many replicas as copies",
    run: (model) =>
        storesOf(model).flatMap((store) =>
            COPIES[store.program].flatMap(({ targets, factor, holds }): Found[] => {
                const copies = factor(store);
                const replicas = replicasOf(store, ...targets);
                if (copies === undefined || replicas === 0 || replicas >= copies) return [];
                return [
                    {
                        object: store.object,
                        found: `replication factor ${copies} of ${holds}, ${replicas} of ${targets.join(" or ")} to hold them`,
                        wanted: `at least ${copies} replicas`,
                        hint: `raise ${store.program}.replicas.${targets[0] ?? ""}, or lower ${store.program}.replicationFactor before any data is there`,
                    },
                ];
            }),
        ),
};

interface Copies {
    readonly holds: string;
    readonly targets: readonly string[];
    /** Undefined where no copies are kept. */
    readonly factor: (store: Store) => number | undefined;
}

// Fallbacks: the pinned versions' own defaults, from their configuration references.
const COPIES: Readonly<Record<Store["program"], readonly Copies[]>> = {
    cortex: [
        {
            holds: "samples",
            targets: ["ingester"],
            factor: (store) => Number(configured(store, "ingester.lifecycler.ring.replication_factor", 3)),
        },
        {
            holds: "blocks",
            targets: ["store-gateway"],
            factor: (store) =>
                configured(store, "store_gateway.sharding_enabled", false) === true
                    ? Number(configured(store, "store_gateway.sharding_ring.replication_factor", 3))
                    : undefined,
        },
    ],
    loki: [
        {
            holds: "log lines",
            targets: ["ingester", "write"],
            factor: (store) =>
                Number(
                    configured(
                        store,
                        "ingester.lifecycler.ring.replication_factor",
                        configured(store, "common.replication_factor", 3),
                    ),
                ),
        },
    ],
    tempo: [
        {
            holds: "spans",
            targets: ["ingester"],
            factor: (store) => Number(configured(store, "ingester.lifecycler.ring.replication_factor", 1)),
        },
    ],
};

export const sharedRings: Check = {
    name: "shared-rings",
    promise: "Parts of a store that share work find each other: no ring is left on its default of a lone process",
    run: (model) => storesOf(model).flatMap((store) => [...SHARED[store.program](store)]),
};

/** Rings that several processes look into, and parts that do all work twice without one. */
const SHARED: Readonly<Record<Store["program"], (store: Store) => Found[]>> = {
    cortex: (store) => [
        ...onMemberlist(store, "ingester.lifecycler.ring", "consul"),
        ...onMemberlist(store, "distributor.ha_tracker", "consul", "distributor.ha_tracker.enable_ha_tracker"),
        ...onMemberlist(store, "store_gateway.sharding_ring", "consul", "store_gateway.sharding_enabled"),
        ...onMemberlist(store, "compactor.sharding_ring", "consul", "compactor.sharding_enabled"),
        ...onMemberlist(store, "ruler.ring", "consul", "ruler.enable_sharding"),
        ...sharded(store, "compactor", "compactor.sharding_enabled", "blocks are compacted twice at a time"),
        ...sharded(store, "ruler", "ruler.enable_sharding", "every rule is evaluated by each of them"),
    ],
    loki: (store) => [
        // With an address of its own, `common` puts its rings on Consul in spite of memberlist.
        ...(configured(store, "common.instance_addr", undefined) === undefined
            ? []
            : onMemberlist(store, "common.ring", "consul")),
        ...(processes(store) > 1 ? joined(store) : []),
        ...sharded(store, "ruler", "ruler.enable_sharding", "every rule is evaluated by each of them"),
    ],
    tempo: (store) => [
        ...["distributor.ring", "ingester.lifecycler.ring", "compactor.ring", "metrics_generator.ring"].flatMap(
            (ring) => onMemberlist(store, ring, "memberlist"),
        ),
    ],
};

function processes(store: Store): number {
    return [...store.replicas.values()].reduce((sum, replicas) => sum + replicas, 0);
}

function onMemberlist(store: Store, ring: string, fallback: string, onlyIf?: string): Found[] {
    if (processes(store) < 2 || (onlyIf !== undefined && configured(store, onlyIf, false) !== true)) return [];
    const kept = String(configured(store, `${ring}.kvstore.store`, fallback));
    if (kept === "memberlist") return joined(store);
    return [
        {
            object: store.object,
            found: `${ring} is kept in ${kept}`,
            wanted: "memberlist, the only store of rings that the stack has",
            hint: `set ${ring}.kvstore.store to memberlist`,
        },
    ];
}

function joined(store: Store): Found[] {
    const members = configured(store, "memberlist.join_members", []);
    if (typeof members === "string" || strings(members).length > 0) return [];
    return [
        {
            object: store.object,
            found: "memberlist.join_members is empty: every process is a ring of its own",
            wanted: "the address of the store's gossip Service",
            hint: "set memberlist.join_members",
        },
    ];
}

function sharded(store: Store, target: string, key: string, otherwise: string): Found[] {
    const replicas = store.replicas.get(target) ?? 0;
    if (replicas < 2 || configured(store, key, false) === true) return [];
    return [
        {
            object: store.object,
            found: `${replicas} of ${target} without ${key}: ${otherwise}`,
            wanted: `${key}: true, or one replica`,
            hint: `the program sets it from ${store.program}.replicas.${target}: something under ${store.program}.values changes it`,
        },
    ];
}
