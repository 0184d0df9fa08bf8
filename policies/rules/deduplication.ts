import { examine, show, type Finding, type Wrong } from "../finding";
import { Unchecked } from "../plain";
import type { Release } from "../release";

const SPEC = "prometheus.prometheusSpec";
const TRACKER = "config.distributor.ha_tracker.enable_ha_tracker";

/** What is wrong between a store and a stack that sends to it, by the store's chart. */
const STORES: Readonly<Record<string, (store: Release, stack: Release) => Wrong[]>> = { cortex: withCortex };

/** A pair of Prometheus scrapes everything twice, and the store keeps one copy. */
export function deduplication(releases: readonly Release[]): Finding[] {
    const stacks = releases.filter(({ chart }) => chart === "kube-prometheus-stack");
    const stores = releases.flatMap((store) => {
        const judge = STORES[store.chart];
        return judge === undefined ? [] : [{ store, judge }];
    });
    if (stores.length === 0) return stacks.flatMap((stack) => examine(stack, [unknownStore]));
    return stores.flatMap(({ store, judge }) =>
        stacks.length === 0
            ? examine(store, [() => []])
            : stacks.flatMap((stack) => examine(store, [() => judge(store, stack)])),
    );
}

/** Replicas that send the same samples. */
function senders(stack: Release): number {
    return stack.get("prometheus.enabled") === false ? 0 : (stack.number(`${SPEC}.replicas`) ?? 1);
}

/** @throws Unchecked where there is a pair: who keeps one copy of it is not known. */
function unknownStore(stack: Release): Wrong[] {
    if (senders(stack) < 2) return [];
    throw new Unchecked(`${SPEC}.replicas`, "no metrics store that is known here, so who keeps one copy is not either");
}

/** Cortex elects one replica of each pair, by labels that both sides know. */
function withCortex(cortex: Release, stack: Release): Wrong[] {
    const replicas = senders(stack);
    if (replicas === 0) return [];
    const wrong = (path: string, wanted: string, why: string, release = cortex): Wrong => ({
        path: release === cortex ? path : `${release.name} ${path}`,
        found: show(release, path, release.get(path)),
        wanted,
        why,
        setting: "observability:kubePrometheusStack.prometheus.replicas, from which both sides follow",
    });
    const on = cortex.get(TRACKER) === true;
    if (replicas < 2) {
        const why = "with one replica there is nothing to take over when it goes";
        return on ? [wrong(`${SPEC}.replicas`, "2, since the store deduplicates", why, stack)] : [];
    }
    const doubled = "every sample is stored twice, and rates and counts come out wrong";
    const pairs: readonly (readonly [string, string, string, string])[] = [
        ["config.limits.ha_cluster_label", "cluster", `${SPEC}.prometheusExternalLabelName`, "prometheus"],
        ["config.limits.ha_replica_label", "__replica__", `${SPEC}.replicaExternalLabelName`, "prometheus_replica"],
    ];
    return [
        ...(on ? [] : [wrong(TRACKER, "true", doubled)]),
        ...(cortex.get("config.limits.accept_ha_samples") === true
            ? []
            : [wrong("config.limits.accept_ha_samples", "true", doubled)]),
        ...pairs.flatMap(([path, fallback, other, otherFallback]) => {
            const sent = stack.get(`${other}Clear`) === true ? undefined : text(stack.get(other), otherFallback);
            if (sent === text(cortex.get(path), fallback)) return [];
            return [
                wrong(
                    path,
                    sent === undefined ? `a label that ${stack.name} sends` : `${sent}, as ${stack.name} sends it`,
                    doubled,
                ),
            ];
        }),
    ];
}

function text(value: unknown, fallback: string): string {
    return typeof value === "string" && value !== "" ? value : fallback;
}
