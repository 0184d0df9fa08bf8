import type { Check } from "../../check";
import type { Found } from "../../finding";
import { configured, storesOf, type Store } from "./stores";

/** What each store binds where it is not told a port. */
const BIND_PORT = 7946;

export const gossip: Check = {
    name: "gossip",
    promise: "Each store joins its members on the port that they gossip on, and no store can join another's",
    run: (model) => {
        const stores = storesOf(model);
        return [
            ...stores.flatMap(joinPorts),
            ...stores.flatMap((store, index) => merging(store, stores.slice(index + 1))),
        ];
    },
};

function joinPorts(store: Store): Found[] {
    const bound = portOf(store);
    return members(store).flatMap((member): Found[] => {
        const port = /:(\d+)$/.exec(member)?.[1];
        const joined = port === undefined ? (store.bareMembersOn ?? bound) : Number(port);
        if (joined === bound) return [];
        return [
            {
                object: store.object,
                found: `memberlist.join_members has ${member}, joined on ${joined}; members bind ${bound}`,
                wanted: `${member.replace(/:\d+$/, "")}:${bound}`,
                hint: "memberlist.bind_port and the port in memberlist.join_members are one and the same",
            },
        ];
    });
}

/** Pods get the addresses of others that are gone: only a label or a port of its own keeps a ring from taking them in. */
function merging(store: Store, others: readonly Store[]): Found[] {
    if (members(store).length === 0) return [];
    return others.flatMap((other): Found[] => {
        if (members(other).length === 0 || portOf(other) !== portOf(store) || labelOf(other) !== labelOf(store))
            return [];
        return [
            {
                object: store.object,
                found: `gossips on ${portOf(store)} with ${labelOf(store) === "" ? "no cluster_label" : `cluster_label ${labelOf(store)}`}, as ${other.object} does`,
                wanted: "a port or a cluster_label of its own: an address that changes hands would merge the two rings",
                hint: "set memberlist.cluster_label, or memberlist.bind_port where the program knows no label",
            },
        ];
    });
}

function members(store: Store): string[] {
    const given = configured(store, "memberlist.join_members", []);
    return Array.isArray(given) ? given.map(String) : [String(given)];
}

function portOf(store: Store): number {
    return Number(configured(store, "memberlist.bind_port", BIND_PORT));
}

function labelOf(store: Store): string {
    return String(configured(store, "memberlist.cluster_label", ""));
}
