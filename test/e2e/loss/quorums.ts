import { parse } from "yaml";
import { erasureSetSize, parityDrives } from "../../../components/object-store/minio/erasure";
import { at, record, records, strings } from "../../../tools/records";
import type { RenderedObject } from "../../../tools/render/manifests";
import type { Pods } from "../../../tools/verify/pods";
import type { Pod } from "./pod-watch";

/** Pods alike of which so much must be there at any moment. */
export interface Quorum {
    readonly name: string;
    readonly pods: Pods;
    /** What is counted; a zone counts while all its members are ready. */
    readonly unit: "pods" | "drives" | "zones";
    /** Of the unit, in one pod. */
    readonly perPod: number;
    /** How many may be away at once, in the unit. */
    readonly spare: number;
}

/**
 * Quorums of a stack, from what it renders: the stores' own configurations say how many copies there are, the workloads
 * how many members. Of everything else with replicas, one has to be left.
 */
export function quorumsOf(objects: readonly RenderedObject[], pods: readonly Pods[]): Quorum[] {
    const { minio, postgres, ring } = readers(objects, pods);
    const tempo = configOf(objects, "tempo", "tempo-config", "tempo.yaml");
    const named = [
        minio(),
        ...metrics(objects, pods, ring),
        logs(objects, pods, ring),
        ring("Tempo ingesters", "tempo/tempo-ingester", at(tempo, "ingester.lifecycler.ring"), minority),
        postgres(),
    ];
    const rest = pods.filter((each) => (each.replicas ?? 1) > 1 && !named.some((quorum) => quorum.pods === each));
    return [...named, ...rest.map((each) => atLeastOne(each))];
}

/** Of the metrics store that there is. */
function metrics(
    objects: readonly RenderedObject[],
    pods: readonly Pods[],
    ring: ReturnType<typeof readers>["ring"],
): Quorum[] {
    const thanos = copiesOf(pods, "thanos/thanos-receive-router", "receive.replication-factor");
    // Each sample is on as many ingesters as the factor says; a write is done when most of them have it.
    if (thanos !== undefined) return [ring("Thanos ingestors", "thanos/thanos-receive-ingestor", thanos, minority)];
    const victoria = copiesOf(pods, "victoriametrics/vminsert", "replicationFactor");
    // Copies go to whatever servers there are, and an answer is whole while one copy of each sample is.
    if (victoria !== undefined)
        return [ring("VictoriaMetrics servers", "victoriametrics/vmstorage", victoria, (factor) => factor - 1)];
    const cortex = configOf(objects, "cortex", "cortex", "cortex.yaml");
    return [
        ring("Cortex ingesters", "cortex/cortex-ingester", at(cortex, "ingester.lifecycler.ring"), minority),
        // One copy of a block answers a query.
        ring(
            "Cortex store gateways",
            "cortex/cortex-store-gateway",
            at(cortex, "store_gateway.sharding_ring"),
            (n) => n - 1,
        ),
    ];
}

/** How many copies a workload's flag asks for, as rings say it; nothing where there is no such workload. */
function copiesOf(pods: readonly Pods[], path: string, flag: string): { replication_factor: number } | undefined {
    const workload = pods.find(({ namespace, name }) => `${namespace}/${name}` === path);
    if (workload === undefined) return undefined;
    const args = records(workload.spec.containers).flatMap((each) => strings(each.args));
    const given = args.map((arg) => arg.replace(/^--?/, "").split("=")).filter(([name]) => name === flag);
    return { replication_factor: Number(given.at(-1)?.[1]) };
}

/** Of the log store that there is. */
function logs(
    objects: readonly RenderedObject[],
    pods: readonly Pods[],
    ring: ReturnType<typeof readers>["ring"],
): Quorum {
    const nodes = pods.find(({ namespace, name }) => `${namespace}/${name}` === "opensearch/opensearch");
    if (nodes === undefined) {
        const loki = configOf(objects, "loki", "loki", "config.yaml");
        return ring("Loki ingesters", "loki/loki-ingester", at(loki, "common"), minority);
    }
    // Each may be elected, by most of them; and with two copies no two may be away at once.
    return { name: "OpenSearch nodes", pods: nodes, unit: "pods", perPod: 1, spare: minority(nodes.replicas ?? 0) };
}

/** Replicas that a majority can do without. */
function minority(factor: number): number {
    return factor - (Math.floor(factor / 2) + 1);
}

function atLeastOne(pods: Pods): Quorum {
    return { name: pods.name, pods, unit: "pods", perPod: 1, spare: (pods.replicas ?? 0) - 1 };
}

function readers(objects: readonly RenderedObject[], pods: readonly Pods[]) {
    const find = (path: string) => {
        const found = pods.find(({ namespace, name }) => `${namespace}/${name}` === path);
        if (found === undefined) throw new Error(`nothing makes the pods ${path}`);
        return found;
    };
    return {
        minio: (): Quorum => {
            const set = find("minio/minio");
            const servers = set.replicas ?? 0;
            const drives = set.claims.length;
            const size = erasureSetSize(servers, drives);
            // With more than one set, the lost drives of a server would have to be counted in each.
            if (size !== servers * drives)
                throw new Error(`MinIO's drives are not one erasure set but sets of ${size}`);
            const parity = parityDrives(size);
            // Half of a set reads, but more than half has to agree on a write.
            const spare = size === 2 * parity ? parity - 1 : parity;
            return { name: "MinIO erasure set, writes", pods: set, unit: "drives", perPod: drives, spare };
        },
        postgres: (): Quorum => {
            const cluster = objects.find(({ object }) => object.kind === "Cluster");
            if (cluster === undefined) throw new Error("the stack has no PostgreSQL cluster");
            const { number } = record(at(record(cluster.object.spec), "postgresql.synchronous"));
            // Besides the primary so many have each commit: with one more lost, a commit may be.
            const set = find(`${cluster.namespace ?? ""}/${cluster.object.metadata.name}`);
            return { name: "PostgreSQL commits", pods: set, unit: "pods", perPod: 1, spare: Number(number) };
        },
        ring: (name: string, path: string, config: unknown, spareOf: (factor: number) => number): Quorum => {
            const { replication_factor: factor, zone_awareness_enabled: zoneAware } = record(config);
            if (typeof factor !== "number") throw new Error(`${name}: no replication factor in the configuration`);
            // A ring that knows of zones keeps the copies in different ones, so that a zone's members go for one.
            const unit = zoneAware === true ? "zones" : "pods";
            return { name, pods: find(path), unit, perPod: 1, spare: spareOf(factor) };
        },
    };
}

/** A store's configuration, which stands as YAML in a ConfigMap or a Secret. */
function configOf(objects: readonly RenderedObject[], namespace: string, name: string, key: string): unknown {
    for (const { namespace: place, object } of objects) {
        if (place !== namespace || object.metadata.name !== name || !["ConfigMap", "Secret"].includes(object.kind))
            continue;
        const text = record(object.data)[key];
        if (typeof text === "string") {
            return parse(object.kind === "Secret" ? Buffer.from(text, "base64").toString("utf8") : text);
        }
    }
    throw new Error(`no ${key} in ${namespace}/${name}`);
}

/** Whether a pod is one of a set. */
export function isOf({ namespace, labels }: Pods, pod: Pod): boolean {
    return pod.namespace === namespace && Object.entries(labels).every(([key, value]) => pod.labels[key] === value);
}

/** What a quorum has left, of what it needs, of what it has with nothing lost. */
export interface Strength {
    readonly left: number;
    readonly needed: number;
    readonly total: number;
}

/**
 * @param members its pods with nothing lost.
 * @param ready those of them, or in their place, that are ready now.
 */
export function strength(
    { unit, perPod, spare }: Quorum,
    members: readonly Pod[],
    ready: readonly Pod[],
    zoneOf: (pod: Pod) => string,
): Strength {
    if (unit !== "zones") {
        const total = members.length * perPod;
        return { left: ready.length * perPod, needed: total - spare, total };
    }
    const zones = [...new Set(members.map(zoneOf))];
    const isIn = (zone: string) => (pod: Pod) => zoneOf(pod) === zone;
    const whole = zones.filter((zone) => ready.filter(isIn(zone)).length >= members.filter(isIn(zone)).length);
    return { left: whole.length, needed: zones.length - spare, total: zones.length };
}
