import assert from "node:assert/strict";
import { collectorNetwork } from "../../../components/collectors/k8s-monitoring/network-policies";
import { k8sMonitoringDefaults } from "../../../components/collectors/k8s-monitoring/settings";
import { buildK8sMonitoringValues } from "../../../components/collectors/k8s-monitoring/values";
import { BATCH } from "../../../components/contracts/push-sizes";
import type { LogStore } from "../../../components/contracts/log-store";
import type { MetricsStore } from "../../../components/contracts/metrics-store";
import type { Tenancy } from "../../../components/contracts/tenancy";
import { at, record } from "../../../tools/records";
import { platformOf } from "../../fixtures/platform";
import { logStore, metricsStore, traceStore } from "../../fixtures/stores";

const shapes = ["nothing", "node", "zone"] as const;

/** A store that takes logs by OTLP alone, and evaluates no rules. */
const otlpOnly: LogStore = { ...logStore, push: { ...logStore.push, lokiUrl: undefined }, ruler: undefined };

function values(survives: (typeof shapes)[number], store: LogStore) {
    return buildK8sMonitoringValues({
        platform: platformOf(survives),
        settings: k8sMonitoringDefaults(survives),
        scrapedByPrometheus: [],
        ...{ metricsStore, traceStore, logStore: store },
    });
}

describe("k8s-monitoring: a log store without Loki's API", () => {
    for (const survives of shapes) {
        it(`gets lines and events by OTLP, so that reading waits for its answer (survives ${survives})`, () => {
            const { destinations } = values(survives, otlpOnly);
            for (const name of ["logs", "events"]) {
                const to = record(destinations?.[name]);
                assert.deepEqual([to.type, to.protocol, to.url], ["otlp", "http", logStore.push.otlpUrl], name);
                const queue = record(to.sendingQueue);
                // The chart has no key for it, and writes what stands here as it is.
                assert.equal(queue.storage, "null\n    wait_for_result = true", name);
                assert.deepEqual([at(queue, "batch.sizer"), at(queue, "batch.maxSize")], ["bytes", BATCH], name);
                assert.equal(at(queue, "batch.minSize"), 1, `${name}: nothing waits for more`);
                assert.match(JSON.stringify(at(to, "processors.transform.logs.log")), /set\(trace_id\.string/, name);
                assert.deepEqual(to.retryOnFailure, { maxElapsedTime: "0s" }, name);
                // The chart sends every signal that is not switched off.
                assert.deepEqual([to.metrics, to.traces], [{ enabled: false }, { enabled: false }], name);
            }
            assert.doesNotMatch(JSON.stringify(destinations), /"loki"|loki\/api/);
        });
    }

    it("gets what applications push as any store does: from a queue on the receiver's volume", () => {
        for (const survives of shapes) {
            const of = (store: LogStore) => values(survives, store).destinations?.["pushed-logs"];
            assert.deepEqual(of(otlpOnly), of(logStore), survives);
        }
    });
});

describe("k8s-monitoring: a metrics store", () => {
    const to = (more: Partial<MetricsStore>) => {
        const made = buildK8sMonitoringValues({
            platform: platformOf("zone"),
            settings: k8sMonitoringDefaults("zone"),
            scrapedByPrometheus: [],
            ...{ logStore, traceStore, metricsStore: { ...metricsStore, ...more } },
        });
        return record(made.destinations?.metrics);
    };

    it("gets native histograms if it keeps them, which the collector drops in silence else", () => {
        assert.equal(to({ nativeHistograms: true }).sendNativeHistograms, true);
        assert.equal(to({ nativeHistograms: false }).sendNativeHistograms, false);
    });

    it("is told the tenant as it asks for it, and nothing where it asks for nothing", () => {
        const own: Tenancy = { ...metricsStore.tenancy, headers: (tenant) => ({ Project: tenant }) };
        assert.deepEqual(to({ tenancy: own }).extraHeaders, { Project: "team" });
        const none = to({ tenancy: { ...own, headers: () => ({}) } });
        assert.deepEqual([none.extraHeaders, none.tenantId], [undefined, undefined]);
    });
});

describe("k8s-monitoring: a log store without a ruler", () => {
    const events = (store: LogStore) => record(at(values("zone", store), "collectors.alloy-events"));

    it("has no component that carries rules to it", () => {
        assert.match(String(events(logStore).extraConfig), /loki\.rules\.kubernetes/);
        assert.equal("extraConfig" in events(otlpOnly), false);
    });

    it("has no way of the network to it", () => {
        const ways = (store: LogStore) =>
            collectorNetwork({
                cluster: platformOf("zone"),
                applications: "cluster",
                destinations: [],
                ...{ metricsStore, traceStore, logStore: store },
            }).egress?.map(({ name }) => name);
        const all = ways(logStore) ?? [];
        assert.ok(all.includes("to-log-ruler"));
        assert.deepEqual(
            ways(otlpOnly),
            all.filter((name) => name !== "to-log-ruler"),
        );
    });
});
