import { deepEqual, equal, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { at, record, records } from "../../tools/records";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { needsCharts, renderedWith } from "./rendered";
import { local } from "./store-configs";
import { ThanosHere } from "./thanos-programs";

const HOUR = 3_600_000;
const PARTS = ["receive-ingestor", "receive-router", "store-gateway", "query", "query-frontend"];

/**
 * Thanos with `ingest: sidecar`: a pair of Prometheus, each with a block that it cut some hours ago and a hole in it, and the
 * sidecars beside them. The operator's part is modelled: blocks of two hours, and a sidecar that is told where they lie.
 */
describe("Thanos' sidecars beside a pair of Prometheus, in their real programs", function () {
    const folder = mkdtempSync(join(tmpdir(), "sidecar-"));
    const programs = new Programs(folder);
    /** Of the block: two hours that Prometheus would cut. */
    const begin = Math.floor((Date.now() - 6 * HOUR) / (2 * HOUR)) * 2 * HOUR;
    const minutes = Array.from({ length: 118 }, (_, i) => i);
    const stops: (() => Promise<void>)[] = [];
    let thanos: ThanosHere;

    before(async function () {
        needsCharts(this, ["thanos", "minio", "nginx", "prometheus", "promtool"]);
        const metrics = JSON.stringify({ kind: "thanos", ingest: "sidecar" });
        const model = await renderedWith("dev", { "observability:metrics": metrics });
        const ports = await freePorts(2);
        const pods = Object.fromEntries(PARTS.map((part) => [`thanos-${part}`, 1]));
        thanos = await ThanosHere.start(programs, model, pods, ports);
        const spec = record(model.find("Prometheus", "monitoring", "kps-prometheus")?.spec);
        deepEqual(records(spec.remoteWrite), [], "what the sidecars bring is not written as well");
        ok(at(spec, "thanos.objectStorageConfig.name"));
        for (const [i, grpc] of ports.entries()) await replica(i, grpc, spec);
    });

    after(async () => {
        await programs.stop();
        if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
    });

    /** A replica, of whose block a quarter of an hour is missing: while it was away the other scraped. */
    async function replica(i: number, grpc: number, spec: Record<string, unknown>): Promise<void> {
        const name = `prometheus-${i}`;
        const data = programs.data(name);
        const away = (minute: number) => minute >= 20 + 40 * i && minute < 35 + 40 * i;
        const lines = minutes
            .filter((minute) => !away(minute))
            .map((minute) => `stored{job="shop"} ${minute} ${begin / 1000 + minute * 60}\n`);
        const file = programs.file(`${name}.txt`, `# TYPE stored gauge\n${lines.join("")}# EOF\n`);
        execFileSync("promtool", ["tsdb", "create-blocks-from", "openmetrics", file, data], { stdio: "ignore" });
        const [port = 0] = await freePorts(1);
        const config = programs.file(`${name}.yaml`, {
            global: {
                scrape_interval: "1s",
                external_labels: {
                    ...record(spec.externalLabels),
                    [String(spec.prometheusExternalLabelName)]: "monitoring/kps-prometheus",
                    [String(spec.replicaExternalLabelName)]: name,
                },
            },
            scrape_configs: [{ job_name: "itself", static_configs: [{ targets: ["127.0.0.1:1"] }] }],
        });
        const args = [
            `--config.file=${config}`,
            `--storage.tsdb.path=${data}`,
            // As the operator has it of every Prometheus with a sidecar.
            "--storage.tsdb.min-block-duration=2h",
            "--storage.tsdb.max-block-duration=2h",
            `--web.listen-address=127.0.0.1:${port}`,
        ];
        stops.push(await programs.startAs(name, "prometheus", args, `${local(port)}/-/ready`));
        stops.push(await thanos.runSidecar(`sidecar-${i}`, grpc, { url: local(port), data }));
    }

    async function found(query: string, tenant: string, time = Date.now()) {
        const asked = new URLSearchParams({ query, time: String(time / 1000) });
        const headers = { "X-Scope-OrgID": tenant };
        const response = await fetch(`${thanos.query}/api/v1/query?${asked}`, { headers });
        equal(response.status, 200);
        return records(at(await response.json(), "data.result"));
    }

    const values = (series: unknown) => (at(series, "values") as [number, string][]).map(([, value]) => Number(value));
    const stored = (tenant: string) => found("stored[2h]", tenant, begin + 2 * HOUR - 1);

    it("answers with one copy of what the pair has scraped a moment ago, to its own tenant alone", async () => {
        let series: Record<string, unknown>[] = [];
        for (let tried = 0; tried < 30 && series.length === 0; tried++) {
            await sleep(1000);
            series = await found("up", "dev");
        }
        equal(series.length, 1);
        const labels = Object.keys(record(at(series[0], "metric")));
        deepEqual(
            labels.filter((label) => /replica/.test(label)),
            [],
        );
        deepEqual(await found("up", "shop"), []);
    });

    it("has each replica's block in the bucket, and answers from there when both are gone, without either's hole", async () => {
        for (let tried = 0; tried < 60 && thanos.blocks().length < 2; tried++) await sleep(1000);
        equal(thanos.blocks().length, 2);
        for (const stop of stops) await stop();
        await thanos.of("thanos-store-gateway-0").stop("SIGTERM");
        await thanos.run("thanos-store-gateway-0");
        let series: Record<string, unknown>[] = [];
        for (let tried = 0; tried < 30 && series.length === 0; tried++) {
            await sleep(1000);
            series = await stored("dev");
        }
        equal(series.length, 1);
        const kept = [...new Set(values(series[0]))];
        // A querier that changes over passes over a few samples, to be sure: never the quarter of an hour of a hole.
        const gaps = kept.slice(1).map((minute, i) => minute - (kept[i] ?? 0));
        ok(Math.max(...gaps) <= 4 && kept.length >= minutes.length - 8, `${kept.length} of ${minutes.length}`);
        deepEqual(await stored("shop"), []);
    });
});
