import assert from "node:assert/strict";
import { cpuBetween, cpuOf, memoryOf } from "../../../tools/bench-metrics/processes";
import type { Measured } from "../../../tools/bench-metrics/measure";
import { print } from "../../../tools/bench-metrics/print";
import { asked, QUESTIONS } from "../../../tools/bench-metrics/queries";
import { answerOf, compared, seriesFor, writesOf } from "../../../tools/bench-metrics/rules";
import { parseErrors } from "../../../tools/promql";

const vector = (...values: [Record<string, string>, string][]) =>
    answerOf({
        status: "success",
        data: { resultType: "vector", result: values.map(([metric, value]) => ({ metric, value: [1, value] })) },
    });

const measured = (name: string, cpu: number): Measured => ({
    name,
    taken: [{ series: 1000, samples: 1e6, cpu, by: {} }],
    pair: cpu * 2,
    memory: 2 ** 30,
    bytes: 3,
    hot: { p50: 10, p99: 20, cpu: 5 },
    stored: { p50: 10, p99: 20, cpu: 5 },
    kills: { ingester: { taken: 100, lost: 0, failed: 3, seconds: 1.5 } },
    verdicts: { same: 2, empty: 1, "other labels": 0, "other values": 0, "other series": 0, refused: 0 },
    differing: [],
});

describe("the benchmark of metrics stores", () => {
    it("counts the CPU time and the memory of a process that runs", () => {
        const before = cpuOf(process.pid);
        const from = process.cpuUsage();
        while (process.cpuUsage(from).user < 50_000);
        assert.ok(cpuOf(process.pid) - before >= 0.02);
        assert.ok(memoryOf(process.pid) > 10 * 2 ** 20);
    });

    it("tells what was used between two moments, also by what began in between", () => {
        const one = new Map([["a", { cpu: 1, memory: 0 }]]);
        const two = new Map([
            ["a", { cpu: 1.5, memory: 0 }],
            ["b", { cpu: 2, memory: 0 }],
        ]);
        assert.deepEqual(cpuBetween(one, two), [
            ["b", 2],
            ["a", 0.5],
        ]);
    });

    it("asks in PromQL, of the load that was written", () => {
        assert.equal(QUESTIONS.length, 10);
        for (const { expr } of QUESTIONS) {
            assert.deepEqual(parseErrors(expr("bench-1000", "5m")), []);
            assert.match(expr("bench-1000", "5m"), /run="bench-1000"/);
        }
        const [first] = QUESTIONS;
        assert.ok(first);
        assert.match(asked(first, "r", "5m", 100), /^\/api\/v1\/query\?query=.*&time=100$/);
    });

    it("has series for whatever an expression selects and groups by", () => {
        const made = seriesFor(['sum by (team) (rate(http_requests_total{code=~"5..|429", verb!="WATCH"}[5m])) > 1']);
        assert.equal(made.length, 3);
        for (const labels of made) {
            assert.equal(labels.__name__, "http_requests_total");
            assert.match(labels.team ?? "", /^team-\d$/);
        }
        const buckets = seriesFor(["histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[5m])))"]);
        assert.deepEqual(new Set(buckets.map(({ le }) => le)), new Set(["0.1", "1", "10", "+Inf"]));
        assert.equal([...writesOf(made, 4, Date.now())].length, 4);
    });

    it("says how a store answers otherwise than Prometheus", () => {
        const own = vector([{ a: "1" }, "2"], [{ a: "2" }, "NaN"]);
        assert.equal(compared(own, vector([{ a: "2" }, "NaN"], [{ a: "1" }, "2.0000000001"])), "same");
        assert.equal(compared(own, vector([{ a: "1" }, "2.1"], [{ a: "2" }, "NaN"])), "other values");
        assert.equal(compared(own, vector([{ a: "1" }, "2"])), "other series");
        const tenant = vector([{ a: "1", receive_tenant: "t" }, "2"], [{ a: "2", receive_tenant: "t" }, "NaN"]);
        assert.equal(compared(own, tenant), "other labels");
        assert.equal(compared(own, vector([{ a: "1", b: "t" }, "2"], [{ a: "2", b: "t" }, "NaN"])), "other series");
        assert.equal(compared(own, answerOf({ status: "error" })), "refused");
        assert.equal(compared(vector(), vector()), "empty");
    });

    it("prints what depends on the machine as a share of the first store's", () => {
        const on = { cpus: 2, model: "a CPU", memory: 8, versions: { Cortex: "1" } };
        const text = print([measured("Cortex", 30), measured("Other", 6)], on);
        assert.match(text, /^\| 1000 series: CPU for a million samples, s \| 30\.0 \| 6\.0 \(0\.20\) \|$/m);
        assert.match(text, /^\| Cortex \| ingester \| 0 of 100 \| 3 \| 1\.5 \|$/m);
    });
});
