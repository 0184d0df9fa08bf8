import { deepEqual, equal, ok } from "node:assert/strict";
import { thanosNeeds } from "../../../components/metrics/thanos/size";
import type { Load } from "../../../components/sizing/load";

const load = (change: Partial<Load> = {}): Load => ({
    ...({ series: 1_000_000, interval: 30, queries: 10, zones: 3, retention: { metrics: 30 * 86_400 } } as Load),
    ...change,
});

const figure = (given: Load, replicas: number, workload: string) => {
    const found = thanosNeeds(given, { prometheusReplicas: replicas }).figures.find(
        (each) => each.workload === workload,
    );
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
        const buckets = [1, 2].map(
            (replicas) => thanosNeeds(load(), { prometheusReplicas: replicas }).stored[0]?.bytes,
        );
        deepEqual(buckets, [1_000_000 * 86_400 * 2, 1_000_000 * 86_400 * 4]);
    });

    it("is three larger ingestors where zones may go, and more of them where nodes may", () => {
        const much = { series: 50_000_000 };
        equal(figure(load(much), 2, "thanos.receive-ingestor").replicas, 3);
        ok(figure(load({ ...much, zones: 1 }), 2, "thanos.receive-ingestor").replicas > 3);
        deepEqual(thanosNeeds(load({ zones: 1 }), { prometheusReplicas: 2 }).limits, []);
    });

    it("gives each store gateway room for the headers of all blocks, however many there are", () => {
        const volumes = [10, 1000].map(
            (queries) => figure(load({ queries }), 2, "thanos.store-gateway").volume?.needed,
        );
        equal(volumes[0], volumes[1]);
    });
});
