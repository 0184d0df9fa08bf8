import type { Inhibition, System } from "../contracts/system";

const IN_NAMESPACE = ["cluster", "namespace"];

/** Of every store with ringRules. */
export const RING_INHIBITION: Inhibition = {
    source: "ReplicationBelowFactor",
    targets: ["RingMemberUnhealthy"],
    equal: IN_NAMESPACE,
};

/** What fails in a store while the object store does not serve it. */
export function withoutObjectStore(targets: readonly string[]): Inhibition[] {
    return ["ObjectStoreKeyRefused", "ObjectStoreFailing"].map((source) => ({ source, targets, equal: IN_NAMESPACE }));
}

/** Of the rules that cross systems. */
const OWN: readonly Inhibition[] = [
    { source: "VolumeNearlyFull", targets: ["VolumeFillingUp"], equal: [...IN_NAMESPACE, "persistentvolumeclaim"] },
    { source: "ObjectStoreKeyRefused", targets: ["ObjectStoreFailing"], equal: IN_NAMESPACE },
];

/** Those of the whole stack: what several systems say of one source is one rule. */
export function inhibitionsOf(systems: readonly System[]): Inhibition[] {
    const merged = new Map<string, Inhibition>();
    for (const { source, targets, equal } of [...OWN, ...systems.flatMap(({ inhibitions = [] }) => inhibitions)]) {
        const key = JSON.stringify([source, equal]);
        const known = merged.get(key)?.targets ?? [];
        merged.set(key, { source, targets: [...new Set([...known, ...targets])], equal });
    }
    return [...merged.values()];
}
