import { examine, show, unchecked, type Finding, type Wrong } from "../finding";
import type { Release } from "../release";

const SPEC = "prometheus.prometheusSpec";
const TRACKER = "config.distributor.ha_tracker.enable_ha_tracker";

/** A pair of Prometheus scrapes everything twice; Cortex keeps one copy, told apart by labels that both sides know. */
export function deduplication(releases: readonly Release[]): Finding[] {
    const cortex = releases.filter(({ chart }) => chart === "cortex");
    const stacks = releases.filter(({ chart }) => chart === "kube-prometheus-stack");
    if (cortex.length === 0) {
        return stacks.map(({ name }) =>
            unchecked(name, `${SPEC}.replicas`, "no Cortex in this stack, so who keeps one copy is not known"),
        );
    }
    return cortex.flatMap((store) =>
        stacks.length === 0
            ? examine(store, [() => []])
            : stacks.flatMap((stack) => examine(store, [(c) => together(c, stack)])),
    );
}

function together(cortex: Release, stack: Release): Wrong[] {
    if (stack.get("prometheus.enabled") === false) return [];
    const replicas = stack.number(`${SPEC}.replicas`) ?? 1;
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
