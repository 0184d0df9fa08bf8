import assert from "node:assert/strict";
import { alertGroups } from "../../components/alerts/groups";
import { parseSettings } from "../../components/platform/settings";
import type { Plan } from "../../tools/plan/engine";
import { at, record, records } from "../../tools/records";
import { selects } from "../../tools/verify/selectors";
import { systemsWith } from "../fixtures/watched";
import { planned, releasesOf } from "../fixtures/planned";

const EDGE = {
    ...{ survives: "node", cluster: "edge", domain: "edge.example.com", grafana: { enabled: false } },
    ...{ hub: { secret: "hub" }, metrics: { kind: "remote" }, logs: { kind: "remote" }, traces: { kind: "remote" } },
};

function problems(more: object): string[] {
    const result = parseSettings({ ...EDGE, ...more });
    return "problems" in result ? result.problems.map(({ path }) => path) : [];
}

describe("a cluster that sends: settings", () => {
    it("are few, and any role may be sent alone", () => {
        assert.deepEqual(problems({}), []);
        assert.deepEqual(problems({ logs: {}, traces: {} }), []);
    });

    it("want a hub for what is sent, and nothing where nothing is", () => {
        assert.deepEqual(problems({ hub: {} }), ["hub.stack"]);
        assert.deepEqual(problems({ metrics: {}, logs: {}, traces: {} }), ["hub"]);
    });

    it("refuse what is the hub's: Grafana, tenants, a retention, copies of buckets", () => {
        assert.deepEqual(problems({ grafana: {} }), ["grafana.enabled"]);
        assert.deepEqual(problems({ tenants: { shop: {} } }), ["tenants"]);
        assert.deepEqual(problems({ metrics: { kind: "remote", retention: "7d" } }), ["metrics.retention"]);
        assert.deepEqual(problems({ placement: { database: { nodeSelector: { a: "b" } } } }), ["placement.database"]);
    });
});

describe("a cluster that sends: alerts", () => {
    it("say how long what is unsent is kept, and who is not reached", () => {
        const rules = alertGroups(systemsWith({ ...EDGE, hub: { secret: "hub", offline: "8h" } })).flatMap(
            (group) => group.rules,
        );
        const behind = rules.find(({ alert }) => alert === "RemoteWriteBehind");
        assert.match(behind?.description ?? "", /behind in sending to the hub.* unsent for 8h is lost/);
        const kept = rules.filter(({ alert }) => /Ingestion|ObjectStore|Canary/.test(alert)).map(({ alert }) => alert);
        assert.deepEqual(kept, [], "nothing of what is not here");
    });
});

describe("a cluster that sends: the plan", () => {
    let plan: Plan;
    const release = (name: string) =>
        record(releasesOf(plan).find(({ inputs }) => inputs.name === name)?.inputs.values);

    before(async () => {
        plan = await planned("edge");
    });

    it("keeps nothing: no store, no object store, no database, no Grafana", () => {
        const releases = releasesOf(plan).map(({ inputs }) => inputs.name);
        const left = ["blackbox-exporter", "k8s-monitoring", "kps", "prometheus-operator-crds"];
        assert.deepEqual([...releases].sort(), left);
        assert.equal(at(release("kps"), "grafana.enabled"), false);
        assert.ok(plan.resources.every(({ name }) => !name.startsWith("dashboard-")));
        assert.equal(plan.outputs.grafana, undefined);
        assert.deepEqual(plan.outputs.query, {});
    });

    it("evaluates here what would be the metrics store's ruler's, since there is none", () => {
        const selector = record(at(release("kps"), "prometheus.prometheusSpec.ruleSelector"));
        const label = "observability-platform/rules";
        const evaluated: Record<string, string>[] = [{}, { [label]: "metrics" }];
        for (const labels of evaluated) assert.equal(selects(selector, labels), true);
        assert.equal(selects(selector, { [label]: "logs" }), false);
    });

    it("sends all of it through the gateway, and nobody else knows of the hub", () => {
        const gateway = "http://hub-gateway.egress-gateway.svc.cluster.local";
        const [write] = records(at(release("kps"), "prometheus.prometheusSpec.remoteWrite"));
        assert.equal(write?.url, `${gateway}/api/v1/push`);
        const destinations = record(release("k8s-monitoring").destinations);
        const urls = Object.fromEntries(Object.entries(destinations).map(([name, of]) => [name, record(of).url]));
        assert.deepEqual(urls, {
            logs: `${gateway}/loki/api/v1/push`,
            events: `${gateway}/loki/api/v1/push`,
            "pushed-logs": `${gateway}/otlp`,
            traces: `${gateway}/otlp`,
            "pushed-metrics": `${gateway}/otlp`,
            metrics: `${gateway}/api/v1/push`,
        });
        assert.equal(record(destinations.traces).protocol, "http");
    });

    it("names its pair after itself: a hub that elects a replica would drop all clusters' pairs but one", () => {
        const spec = record(at(release("kps"), "prometheus.prometheusSpec"));
        assert.deepEqual(spec.externalLabels, { cluster: "edge", prometheus: "edge" });
        assert.equal(spec.prometheusExternalLabelNameClear, true);
        assert.equal(spec.prometheusExternalLabelName, undefined);
        assert.equal(spec.replicaExternalLabelName, "prometheus_replica");
    });

    it("sends what the hub's store keeps: no label of a replica, exemplars and native histograms where it has none", async () => {
        const metrics = { kind: "remote", replicaLabel: "drop", exemplars: false, nativeHistograms: false };
        const other = await planned("edge", { "observability:metrics": JSON.stringify(metrics) });
        const kps = releasesOf(other).find(({ inputs }) => inputs.name === "kps");
        const [write] = records(at(kps?.inputs.values, "prometheus.prometheusSpec.remoteWrite"));
        assert.deepEqual(write?.writeRelabelConfigs, [{ regex: "prometheus_replica", action: "labeldrop" }]);
        assert.equal(write.sendExemplars, false);
        assert.equal(write.sendNativeHistograms, false);
    });

    it("is joined by the hub's stack with what stands in the clear nowhere", async () => {
        const joined = await planned("edge", { "observability:hub": '{"stack":"acme/observability/prod"}' });
        assert.ok(joined.resources.some(({ type, name }) => type.endsWith(":Secret") && name === "hub"));
        const readers = joined.resources.filter(({ inputs }) => JSON.stringify(inputs).includes("acme/"));
        assert.deepEqual(readers, [], "no object of the cluster names the hub's stack");
    });
});
