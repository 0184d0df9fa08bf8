import { ok } from "node:assert/strict";
import { tempoSystem } from "../../../components/traces/tempo/system";

const system = tempoSystem({ replicationFactor: 2, compactors: 3 });
const rule = (name: string) => (system.alerts["trace-store"] ?? []).find(({ alert }) => alert === name);

describe("tempo: alerts", () => {
    it("look for as many ingesters as keep each trace, which no metric tells", () => {
        ok(rule("ReplicationBelowFactor")?.expr.endsWith("< 2"));
        const text = JSON.stringify([system.dashboard, system.panels]);
        ok(text.includes("close to 2"), "what the dashboard calls normal");
        ok(/tempo_ingester_bytes_received_total[^/]+\/ 2"/.test(text), "what lies on what arrives");
    });

    it("let each compactor have a hundred blocks to wait for", () => {
        ok(rule("CompactionStuck")?.expr.endsWith("> 300"));
    });

    it("do not take spans on their way to a sampler, or to a further place, for spans that reached the store", () => {
        ok(rule("TracesIngestionStopped")?.expr.includes('exporter!~".*loadbalancing.*",exporter!~".+[.]to_.+"'));
    });
});
