import { deepEqual, equal, ok } from "node:assert/strict";
import { thanosDefaults, type ThanosSettings } from "../../../components/metrics/thanos/settings";
import { thanosNeeds } from "../../../components/metrics/thanos/size";
import type { Load } from "../../../components/sizing/load";

const load = (change: Partial<Load> = {}): Load => ({
    ...({ series: 1_000_000, interval: 30, queries: 10, zones: 3, retention: { metrics: 30 * 86_400 } } as Load),
    ...change,
});

const needs = (given: Load, prometheusReplicas = 2, change: Partial<ThanosSettings> = {}) =>
    thanosNeeds(given, { prometheusReplicas }, { ...thanosDefaults("zone"), ...change });

const figure = (given: Load, replicas: number, workload: string, change: Partial<ThanosSettings> = {}) => {
    const found = needs(given, replicas, change).figures.find((each) => each.workload === workload);
    ok(found, workload);
    return found;
};

describe("thanos: what a load needs", () => {
    it("is twice the memory, disk and bucket for a pair of Prometheus, both of whose copies are stored", () => {
        const [one, two] = [1, 2].map((replicas) => figure(load(), replicas, "thanos.receive-ingestor"));
        ok(one && two);
        const volumes = [one, two].map(({ volume }) => volume?.needed ?? 0);
        ok(Math.abs(two.memory / one.memory - 2) < 0.1, `${one.memory} ${two.memory}`);
        ok(Math.abs((volumes[1] ?? 0) / (volumes[0] ?? 1) - 2) < 0.1, volumes.join(" "));
        const buckets = [1, 2].map((replicas) => needs(load(), replicas).stored[0]?.bytes);
        deepEqual(buckets, [1_000_000 * 86_400 * 2, 1_000_000 * 86_400 * 4]);
    });

    it("is three larger ingestors where zones may go, and more of them where nodes may", () => {
        const much = { series: 50_000_000 };
        equal(figure(load(much), 2, "thanos.receive-ingestor").replicas, 3);
        ok(figure(load({ ...much, zones: 1 }), 2, "thanos.receive-ingestor").replicas > 3);
        deepEqual(needs(load({ zones: 1 })).limits, []);
    });

    it("is as much for Receive at any load, with the same bucket, where sidecars bring Prometheus' blocks", () => {
        const sidecar = { ingest: "sidecar" } as const;
        const much = load({ series: 50_000_000 });
        const [few, many] = [load(), much].map((each) => figure(each, 2, "thanos.receive-ingestor", sidecar));
        deepEqual(few, many);
        ok((few?.memory ?? 0) < figure(load(), 2, "thanos.receive-ingestor").memory);
        deepEqual(needs(much, 2, sidecar).stored, needs(much).stored);
        deepEqual(needs(much, 2, sidecar).limits, []);
    });

    it("shares the caches' memory out among their servers, of both of a pair's series", () => {
        const { caches } = thanosDefaults("zone");
        const sizes = (change: Partial<ThanosSettings["caches"]>, replicas = 2) =>
            needs(load({ series: 10_000_000 }), replicas, { caches: { ...caches, ...change } }).rooms ?? [];
        const bytes = (of: ReturnType<typeof sizes>) =>
            Object.fromEntries(of.map((each) => [each.setting, each.bytes]));
        // Mimir's chart for ten million series: three servers of 8 GiB, 2 GiB and 1 GiB.
        deepEqual(bytes(sizes({ replicas: 3 }, 1)), {
            "metrics.caches.results": 2 ** 30,
            "metrics.caches.index": 2 * 2 ** 30,
            "metrics.caches.chunks": 8 * 2 ** 30,
        });
        equal(bytes(sizes({ replicas: 3 }))["metrics.caches.chunks"], 16 * 2 ** 30);
        deepEqual(sizes({ enabled: false }), []);
    });

    it("gives each store gateway room for the headers of all blocks, however many there are", () => {
        const volumes = [10, 1000].map(
            (queries) => figure(load({ queries }), 2, "thanos.store-gateway").volume?.needed,
        );
        equal(volumes[0], volumes[1]);
    });
});
