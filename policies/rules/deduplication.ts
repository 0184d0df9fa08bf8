import { rulesOf } from "../charts/charts";
import { EXTERNAL_LABELS, senders } from "../charts/kube-prometheus-stack";
import { examine, show, type Finding, type Wrong } from "../finding";
import { isMap, Unchecked } from "../plain";
import type { Release, Shown } from "../release";

/** A pair of Prometheus scrapes everything twice, and the store keeps one copy. */
export function deduplication(releases: readonly Release[], shown: readonly Shown[] = []): Finding[] {
    const stacks = releases.filter(({ chart }) => chart === "kube-prometheus-stack");
    const stores = releases.flatMap((store) => {
        const { deduplication: judge } = rulesOf(store.chart);
        return judge === undefined ? [] : [{ store, judge }];
    });
    if (stores.length === 0) {
        const sent = shown.some(({ type }) => type === SENT);
        return stacks.flatMap((stack) => examine(stack, [sent ? namedPair : unknownStore]));
    }
    return stores.flatMap(({ store, judge }) =>
        stacks.length === 0
            ? examine(store, [() => []])
            : stacks.flatMap((stack) => examine(store, [() => judge(store, stack)])),
    );
}

/** The component in the place of a metrics store where a hub keeps the metrics: the hub's stack says who keeps one copy. */
const SENT = "observability:metrics:Remote";

/** A hub that elects one replica of a pair knows pairs by this label, which operators fill alike in every cluster. */
function namedPair(stack: Release): Wrong[] {
    if (senders(stack) < 2) return [];
    const path = "prometheus.prometheusSpec.externalLabels";
    const labels = stack.get(path);
    const label = EXTERNAL_LABELS.pair;
    if (isMap(labels) && typeof labels[label] === "string") return [];
    const why = "a hub that elects one replica of a pair takes all clusters' pairs for one, and drops the rest";
    const wanted = `the label ${label} with the cluster's name`;
    return [
        { path, found: show(stack, path, labels), wanted, why, setting: "observability:kubePrometheusStack.values" },
    ];
}

/** @throws Unchecked where there is a pair: who keeps one copy of it is not known. */
function unknownStore(stack: Release): Wrong[] {
    if (senders(stack) < 2) return [];
    const path = "prometheus.prometheusSpec.replicas";
    throw new Unchecked(path, "no metrics store that is known here, so who keeps one copy is not either");
}
