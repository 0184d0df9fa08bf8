import type { Check } from "../check";
import type { Found } from "../finding";
import { nameOf, type ClusterModel } from "../cluster-model";
import { resolve } from "../wiring/endpoints";
import { mentionsOf } from "../wiring/mentions";
import { wiringOf } from "../wiring/wiring";

export const addresses: Check = {
    name: "addresses",
    promise: "Every address in the cluster leads to a Service, a port that it has, and pods that open it",
    run: (model) => {
        const wiring = wiringOf(model);
        const found = mentionsOf(model).flatMap(({ at, path, address, namespace }): Found[] => {
            const resolved = resolve(wiring, address, namespace);
            if (resolved.kind !== "problem") return [];
            const { found, wanted } = resolved.problem;
            return [
                {
                    object: nameOf(at),
                    found,
                    wanted,
                    hint: `it stands at ${path.join(" > ")}`,
                },
            ];
        });
        return once(found);
    },
};

/** One file often names an address several times. */
function once(found: Found[]): Found[] {
    const seen = new Set<string>();
    return found.filter((each) => {
        const key = `${each.object} ${each.found}`;
        return !seen.has(key) && seen.add(key);
    });
}

export interface OutsideAddress {
    readonly address: string;
    /** Objects that name it. */
    readonly namedBy: readonly string[];
}

/** Addresses outside of the cluster, by address: nothing rendered can tell whether they are right. */
export function outsideAddresses(model: ClusterModel): OutsideAddress[] {
    const wiring = wiringOf(model);
    const outside = new Map<string, Set<string>>();
    for (const { at, address, namespace } of mentionsOf(model)) {
        if (resolve(wiring, address, namespace).kind !== "outside") continue;
        outside.set(address.text, (outside.get(address.text) ?? new Set()).add(nameOf(at)));
    }
    return [...outside]
        .map(([address, namedBy]) => ({ address, namedBy: [...namedBy].sort() }))
        .sort((a, b) => (a.address < b.address ? -1 : 1));
}
