import { isIP } from "node:net";
import type { Kubectl } from "../kubectl";
import { CLIENT_PORT, type Client } from "./client";
import { FRIEND, STRANGER } from "./deployment";

export interface Refusal {
    /** Namespace of the pod that calls. */
    readonly from: string;
    readonly to: string;
    readonly port: number;
    /** Namespace from which the same is reached: else a refusal would say nothing. */
    readonly control: string;
    readonly why: string;
}

/** Makes rows of the table. */
const refused = (from: string, to: string, port: number, why: string, control?: string): Refusal => {
    const [, namespace = ""] = to.split(".");
    return { from, to: isIP(to) ? to : `${to}.svc.cluster.local`, port, why, control: control ?? namespace };
};

/** What a call must not reach in dev, with the harm that it could do there. */
export function refusals(kubectl: Kubectl): Refusal[] {
    return [
        ...everywhere(kubectl),
        refused(FRIEND, "loki.loki", 3100, "Loki's /flush and its ruler's API, past the gateway"),
        refused(STRANGER, "tempo.tempo", 3200, "queries without the label"),
        refused(FRIEND, "tempo.tempo", 4317, "spans past the receivers"),
        refused(STRANGER, "pushgateway.monitoring", 9091, "pushes without the label"),
        refused("minio", "loki.loki", 3100, "MinIO calls nobody"),
    ];
}

/** The same in prod, where each part of a store is a workload of its own, and Grafana's database is one too. */
export function prodRefusals(kubectl: Kubectl): Refusal[] {
    return [
        ...everywhere(kubectl),
        refused(STRANGER, "grafana-db-rw.postgres", 5432, "Grafana's users and sessions"),
        refused("cortex", "grafana-db-rw.postgres", 5432, "Grafana's users and sessions"),
        refused("minio", "loki-gateway.loki", 80, "MinIO calls nobody"),
        refused(FRIEND, "cortex-memcached-blocks.cortex", 11211, "cached blocks of every tenant"),
        refused("loki", "cortex-memcached-frontend.cortex", 11211, "cached answers of every tenant"),
        refused(FRIEND, "loki-distributor.loki", 3100, "pushes past the gateway, as any tenant"),
        refused(FRIEND, "loki-ingester.loki", 3100, "Loki's /flush and /shutdown, past the gateway"),
        refused("cortex", "loki-ingester-headless.loki", 9095, "an ingester's gRPC, any tenant"),
        refused(FRIEND, "loki-ruler.loki", 3100, "the ruler's API, past the gateway"),
        refused(FRIEND, "loki-compactor.loki", 3100, "requests to delete lines"),
        refused("tempo", "loki-chunks-cache.loki", 11211, "cached chunks of every tenant"),
        refused(FRIEND, "tempo-distributor.tempo", 4317, "spans past the receivers"),
        refused(STRANGER, "tempo-query-frontend.tempo", 3200, "queries without the label"),
        refused("cortex", "tempo-ingester.tempo", 9095, "an ingester's gRPC, any tenant"),
        refused("loki", "tempo-gossip-ring.tempo", 7946, "gossip: two stores' rings that merge"),
        refused(FRIEND, "tempo-memcached.tempo", 11211, "cached traces of every tenant"),
    ];
}

function everywhere(kubectl: Kubectl): Refusal[] {
    const addressOf = (...of: readonly string[]) => kubectl.run(["get", ...of]).trim();
    const foreignPod = addressOf("pod", "client", "-n", FRIEND, "-o", "jsonpath={.status.podIP}");
    const ofSlice = "jsonpath={.items[0].endpoints[0].addresses[0]} {.items[0].ports[0].port}";
    const apiServer = ["endpointslices", "-n", "default", "-l", "kubernetes.io/service-name=kubernetes"];
    const [outside = "", outsidePort] = addressOf(...apiServer, "-o", ofSlice).split(" ");

    return [
        refused(STRANGER, "minio.minio", 9000, "the stores' objects"),
        refused(FRIEND, "minio.minio", 9000, "the stores' objects, past every tenant and limit"),
        refused("collectors", "minio.minio", 9000, "the stores' objects"),
        refused(STRANGER, "cortex-nginx.cortex", 80, "pushes without the label"),
        refused(STRANGER, "cortex-query.cortex", 80, "queries without the label"),
        refused(FRIEND, "cortex-distributor.cortex", 8080, "pushes past the gateway"),
        refused(FRIEND, "cortex-ingester.cortex", 8080, "an ingester's /shutdown"),
        refused(FRIEND, "cortex-ingester-headless.cortex", 9095, "an ingester's gRPC, any tenant"),
        refused(FRIEND, "cortex-ruler.cortex", 8080, "the ruler's API, past the gateway"),
        refused("loki", "cortex-store-gateway.cortex", 8080, "another store's inside"),
        refused(STRANGER, "cortex-memberlist.cortex", 7947, "gossip: a ring joined by a stranger"),
        refused("loki", "cortex-memberlist.cortex", 7947, "gossip: two stores' rings that merge"),
        refused(STRANGER, "loki-gateway.loki", 80, "pushes without the label"),
        refused(STRANGER, "loki-query.loki", 80, "queries without the label"),
        refused("tempo", "loki-memberlist.loki", 7946, "gossip: two stores' rings that merge"),
        refused(STRANGER, "otel-collector.collectors", 4318, "pushes without the label"),
        refused(FRIEND, "otel-collector.collectors", 12345, "the collectors' own pages"),
        refused(STRANGER, "kps-prometheus.monitoring", 9090, "every metric of the cluster"),
        refused(FRIEND, "kps-alertmanager.monitoring", 9093, "silences"),
        refused(STRANGER, "kube-state-metrics.monitoring", 8080, "another's metrics"),
        refused(STRANGER, "blackbox-exporter.monitoring", 9115, "calls to any address in its name"),
        refused("cortex", "kps-prometheus.monitoring", 9090, "the way back from a store"),
        refused("minio", "kubernetes.default", 443, "the API server, from where no pod has to do with it", FRIEND),
        refused("cortex", "kubernetes.default", 443, "the API server, from where no pod has to do with it", FRIEND),
        refused("loki", outside, Number(outsidePort), "out of the cluster: an address that is no pod's", FRIEND),
        refused("tempo", foreignPod, CLIENT_PORT, "a store that was broken into calls an application", STRANGER),
    ];
}

/**
 * Tries them all.
 * @returns what was reached and must not be, and what nobody reaches, so that nothing is known of it.
 */
export async function tryAll(table: readonly Refusal[], clients: ReadonlyMap<string, Client>) {
    const address = ({ to, port }: Refusal) => `${to}/${port}`;
    const open = async (by: "from" | "control", patience: number) => {
        const each = [...clients].map(async ([namespace, client]) => {
            const addresses = [...new Set(table.filter((one) => one[by] === namespace).map(address))];
            return [namespace, await client.reached(addresses, patience)] as const;
        });
        const found = new Map(await Promise.all(each));
        return (one: Refusal) => found.get(one[by])?.has(address(one)) === true;
    };
    const told = (one: Refusal) => `${one.from} → ${address(one)}: ${one.why}`;
    const byFrom = await open("from", 5);
    // A name server may take its time.
    let unknown = table;
    for (let tries = 0; tries < 10 && unknown.length > 0; tries++) {
        const byControl = await open("control", 30);
        unknown = unknown.filter((one) => !byControl(one));
    }
    return { reached: table.filter(byFrom).map(told), unknown: unknown.map(told) };
}
