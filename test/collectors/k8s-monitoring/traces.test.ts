import assert from "node:assert/strict";
import { buildK8sMonitoringValues } from "../../../components/collectors/k8s-monitoring/values";
import { parseSettings } from "../../../components/platform/settings";
import { at, records, strings } from "../../../tools/records";
import { logStore, metricsStore, traceStore } from "../../fixtures/stores";

function values(survives: string, enabled: boolean) {
    const k8sMonitoring = { tailSampling: { enabled } };
    const result = parseSettings({ cluster: "c", domain: "a.example.com", survives, k8sMonitoring });
    assert.ok("settings" in result);
    return buildK8sMonitoringValues({
        platform: result.settings.platform,
        settings: result.settings.k8sMonitoring,
        scrapedByPrometheus: [],
        ...{ logStore, traceStore, metricsStore },
    });
}

describe("k8s-monitoring: traces", () => {
    it("keep the id beside a log line, as JSON or logfmt have it, and nothing else", () => {
        const stages = values("zone", false).podLogsViaLoki?.extraLogProcessingStages ?? "";
        const expression = /expression = `(.*)`/.exec(stages)?.[1];
        assert.ok(expression);
        const id = "56555bd2066d6d1c97229b64ba792f98";
        const found = (line: string) => new RegExp(expression.replace("?P<", "?<")).exec(line)?.groups?.trace_id;
        assert.equal(found(`{"level":"info","trace_id":"${id}"}`), id);
        assert.equal(found(`{"traceId": "${id}", "msg": "x"}`), id);
        assert.equal(found(`level=info traceID=${id} msg=x`), id);
        assert.equal(found(`trace_id="${id}"`), id);
        assert.equal(found(`commit=${id}`), undefined);
        assert.equal(found(`trace_id=${id}ffff`), undefined);
    });

    for (const survives of ["nothing", "node", "zone"]) {
        it(`are sampled only where asked, by samplers that get all spans of one (survives ${survives})`, () => {
            assert.equal(at(values(survives, false), "destinations.traces.processors.tailSampling"), undefined);
            const made = values(survives, true);
            const sampling = at(made, "destinations.traces.processors.tailSampling");
            assert.deepEqual(at(sampling, "policies"), [
                { name: "errors", type: "status_code", status_codes: ["ERROR"] },
                { name: "slow", type: "latency", threshold_ms: 1000 },
                { name: "rest", type: "probabilistic", sampling_percentage: 10 },
            ]);
            // On their way to the samplers they wait too, before it is chosen which one: with none ready they are not lost.
            assert.deepEqual(values(survives, false).replaceComponent, []);
            const [way] = made.replaceComponent ?? [];
            assert.equal(`${way?.type} ${way?.name}`, "otelcol.exporter.loadbalancing traces_sampler");
            assert.match(way?.content ?? "", /^retry_on_failure \{\n\s+max_elapsed_time = "0s"/m);
            assert.match(way?.content ?? "", /^sending_queue \{\n\s+block_on_overflow = true/m);
            assert.match(way?.content ?? "", /queue \{\n\s+enabled = false/, "none behind that choice");
            assert.equal(/storage = otelcol\.storage\.file/.test(way?.content ?? ""), survives !== "nothing");
            // The exporter with the queue on the volume moves from the receiver to the sampler.
            const config = JSON.stringify(at(sampling, "collector.extraConfig") ?? "");
            assert.equal(config.includes("otelcol.storage.file"), survives !== "nothing");
            const rules = records(at(made, "collectors.alloy-receiver.rbac.rules"));
            const reads = rules.flatMap(({ resources }) => strings(resources));
            assert.ok(reads.includes("endpointslices") && reads.includes("endpoints"), "to find the samplers");
            assert.deepEqual(at(sampling, "collector.rbac.rules"), []);
        });
    }
});
