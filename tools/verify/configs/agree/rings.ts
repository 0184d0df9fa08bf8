import { at, strings } from "../../../records";
import type { Check } from "../../check";
import type { Found } from "../../finding";
import { configured, isOn, replicasOf, storesOf, type Store } from "./stores";

/** A store cannot write where fewer members are alive than a majority of its copies. */
export const replicationFactors: Check = {
    name: "replication-factors",
    promise: "Each store that keeps copies has at least as many replicas as copies",
    run: (model) => storesOf(model).flatMap(tooFewReplicas),
};

function tooFewReplicas(store: Store): Found[] {
    const { object, config, settings } = store;
    return store.copies
        .filter(({ onlyIf }) => isOn(store, onlyIf))
        .flatMap(({ holds, targets, factor: [key, fallback], inherits = "" }) => {
            const copies = Number(at(config, key) ?? at(config, inherits) ?? fallback);
            const replicas = replicasOf(store, ...targets);
            if (replicas === 0 || replicas >= copies) return [];
            return [
                {
                    object,
                    found: `replication factor ${copies} of ${holds}, ${replicas} of ${targets.join(" or ")} to hold them`,
                    wanted: `at least ${copies} replicas`,
                    hint: `raise ${settings}.replicas.${targets[0] ?? ""}, or lower ${settings}.replicationFactor before any data is there`,
                },
            ];
        });
}

export const sharedRings: Check = {
    name: "shared-rings",
    promise: "Parts of a store that share work find each other: no ring is left on its default of a lone process",
    run: (model) => storesOf(model).flatMap((store) => [...rings(store), ...doneTwice(store)]),
};

function rings(store: Store): Found[] {
    const processes = [...store.replicas.values()].reduce((sum, replicas) => sum + replicas, 0);
    if (processes < 2) return [];
    const kept = store.rings
        .filter(({ onlyIf }) => isOn(store, onlyIf))
        .map(({ at: ring, fallback }) => ({ ring, in: String(configured(store, `${ring}.kvstore.store`, fallback)) }));
    return [
        ...kept
            .filter((each) => each.in !== "memberlist")
            .map((each) => ({
                object: store.object,
                found: `${each.ring} is kept in ${each.in}`,
                wanted: "memberlist, the only store of rings that the stack has",
                hint: `set ${each.ring}.kvstore.store to memberlist`,
            })),
        ...(kept.some((each) => each.in === "memberlist") ? joined(store) : []),
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

function doneTwice(store: Store): Found[] {
    return store.sharded
        .map((each) => ({ ...each, replicas: store.replicas.get(each.target) ?? 0 }))
        .filter(({ replicas, key }) => replicas > 1 && !isOn(store, key))
        .map(({ target, key, otherwise, replicas }) => ({
            object: store.object,
            found: `${replicas} of ${target} without ${key}: ${otherwise}`,
            wanted: `${key}: true, or one replica`,
            hint: `the program sets it from ${store.settings}.replicas.${target}: something under ${store.settings}.values changes it`,
        }));
}
