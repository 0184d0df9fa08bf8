import { show, type Wrong } from "../finding";
import type { Release } from "../release";
import type { ChartRules } from "./chart-rules";
import { bucketed, factor, is, on, retained, wrong } from "./checks";
import { EXTERNAL_LABELS, senders } from "./kube-prometheus-stack";

const VALUES = "observability:metrics.values";
const FACTOR = "observability:metrics.replicationFactor";
const TRACKER = "config.distributor.ha_tracker.enable_ha_tracker";
const KVSTORE = "config.ingester.lifecycler.ring.kvstore.store";

const volumes = ["ingester", "store_gateway", "compactor"].map((at) => `${at}.persistentVolume.enabled`);
const must = (path: string, why: string) => is(path, true, why, `${VALUES}.${path}`);

export const cortex: ChartRules = {
    reads: [
        ...volumes,
        ...["ingester.statefulSet.enabled", "config.ingester.lifecycler.ring.replication_factor", KVSTORE],
        ...["config.store_gateway.sharding_enabled", "config.store_gateway.sharding_ring.replication_factor"],
        ...["config.compactor.sharding_enabled", "config.ruler.enable_sharding"],
        ...["config.limits.compactor_blocks_retention_period", "config.blocks_storage.backend", TRACKER],
        ...["config.limits.accept_ha_samples", "config.limits.ha_cluster_label", "config.limits.ha_replica_label"],
    ],
    durability: [
        on("ingester.statefulSet.enabled", VALUES),
        ...volumes.map((path) => on(path, VALUES)),
        bucketed("config.blocks_storage.backend", VALUES),
        retained("config.limits.compactor_blocks_retention_period", "observability:metrics.retention"),
    ],
    replication: () => [
        factor("config.ingester.lifecycler.ring.replication_factor", "ingester.replicas", 3, FACTOR),
        factor("config.store_gateway.sharding_ring.replication_factor", "store_gateway.replicas", 3, FACTOR),
        must("config.store_gateway.sharding_enabled", "each store gateway would read every block"),
        must("config.compactor.sharding_enabled", "two compactors would merge the same blocks"),
        must("config.ruler.enable_sharding", "every ruler would evaluate every rule and alert twice"),
        (release) =>
            release.get(KVSTORE) === "inmemory"
                ? wrong(release, KVSTORE, "memberlist", "each sees itself alone", `${VALUES}.${KVSTORE}`)
                : [],
    ],
    deduplication,
};

/** It elects one replica of each pair, by labels that both sides know. */
function deduplication(store: Release, stack: Release): Wrong[] {
    const replicas = senders(stack);
    if (replicas === 0) return [];
    const setting = "observability:kubePrometheusStack.prometheus.replicas, from which both sides follow";
    const off = (path: string, wanted: string, why: string) => wrong(store, path, wanted, why, setting);
    const on = store.get(TRACKER) === true;
    if (replicas < 2) {
        const path = "prometheus.prometheusSpec.replicas";
        const found = show(stack, path, stack.get(path));
        const why = "with one replica there is nothing to take over when it goes";
        const wanted = "2, since the store deduplicates";
        return on ? [{ path: `${stack.name} ${path}`, found, wanted, why, setting }] : [];
    }
    const doubled = "every sample is stored twice, and rates and counts come out wrong";
    const accepts = store.get("config.limits.accept_ha_samples") === true;
    const pairs = [
        ["config.limits.ha_cluster_label", "cluster", EXTERNAL_LABELS.cluster],
        ["config.limits.ha_replica_label", "__replica__", EXTERNAL_LABELS.replica],
    ] as const;
    return [
        ...(on ? [] : off(TRACKER, "true", doubled)),
        ...(accepts ? [] : off("config.limits.accept_ha_samples", "true", doubled)),
        ...pairs.flatMap(([path, fallback, label]) => {
            const sent = label(stack);
            const known = store.get(path);
            if (sent === (typeof known === "string" && known !== "" ? known : fallback)) return [];
            const { name } = stack;
            return off(
                path,
                sent === undefined ? `a label that ${name} sends` : `${sent}, as ${name} sends it`,
                doubled,
            );
        }),
    ];
}
