import type { Check } from "../check";
import type { Found } from "../finding";
import { nameOf, type ClusterModel } from "../cluster-model";
import { named, type Address } from "../wiring/addresses";
import { resolve, type Resolved } from "../wiring/endpoints";
import { mentionsOf } from "../wiring/mentions";
import { wiringOf, type Wiring } from "../wiring/wiring";

export const addresses: Check = {
    name: "addresses",
    promise: "Every address in the cluster leads to a Service, a port that it has, and pods that open it",
    run: (model) => {
        const wiring = wiringOf(model);
        const found = mentionsOf(model).flatMap(({ at, path, address, namespace }): Found[] => {
            const resolved = followed(model, wiring, address, namespace);
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

/** As the cluster follows it; what the settings send to in a namespace of others is outside of what is rendered. */
function followed(model: ClusterModel, wiring: Wiring, address: Address, namespace: string): Resolved {
    const to = named(address, namespace, wiring.hasNamespace);
    const isOthers = to.kind === "service" && !wiring.hasNamespace(to.namespace);
    if (isOthers && sentTo(model).has(address.host)) return { kind: "outside" };
    return resolve(wiring, address, namespace);
}

/** Hosts that the settings name for copies of what the stack has, and for stores that others run. */
function sentTo({ settings }: ClusterModel): Set<string> {
    const { k8sMonitoring, kubePrometheusStack, signoz } = settings;
    const all = [...k8sMonitoring.destinations, ...kubePrometheusStack.prometheus.remoteWrite];
    const stores = signoz.clickhouse === undefined ? [] : [signoz.clickhouse.host];
    return new Set([...all.map(({ url }) => new URL(url).hostname), ...stores]);
}

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
        if (followed(model, wiring, address, namespace).kind !== "outside") continue;
        outside.set(address.text, (outside.get(address.text) ?? new Set()).add(nameOf(at)));
    }
    return [...outside]
        .map(([address, namedBy]) => ({ address, namedBy: [...namedBy].sort() }))
        .sort((a, b) => (a.address < b.address ? -1 : 1));
}
