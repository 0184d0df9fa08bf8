import { rulesOf } from "../charts/charts";
import { senders } from "../charts/kube-prometheus-stack";
import { examine, type Finding, type Wrong } from "../finding";
import { Unchecked } from "../plain";
import type { Release } from "../release";

/** A pair of Prometheus scrapes everything twice, and the store keeps one copy. */
export function deduplication(releases: readonly Release[]): Finding[] {
    const stacks = releases.filter(({ chart }) => chart === "kube-prometheus-stack");
    const stores = releases.flatMap((store) => {
        const { deduplication: judge } = rulesOf(store.chart);
        return judge === undefined ? [] : [{ store, judge }];
    });
    if (stores.length === 0) return stacks.flatMap((stack) => examine(stack, [unknownStore]));
    return stores.flatMap(({ store, judge }) =>
        stacks.length === 0
            ? examine(store, [() => []])
            : stacks.flatMap((stack) => examine(store, [() => judge(store, stack)])),
    );
}

/** @throws Unchecked where there is a pair: who keeps one copy of it is not known. */
function unknownStore(stack: Release): Wrong[] {
    if (senders(stack) < 2) return [];
    const path = "prometheus.prometheusSpec.replicas";
    throw new Unchecked(path, "no metrics store that is known here, so who keeps one copy is not either");
}
