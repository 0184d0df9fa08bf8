import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, record, records } from "../../tools/records";
import { doorsOf } from "../../tools/load/door";
import { SIGNALS } from "../../tools/load/signals";
import { steps } from "../../tools/load/steps";
import { arrived } from "./asked";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { cortexConfig, local, lokiConfig, tempoConfig } from "./store-configs";
import { TENANT, TENANT_HEADER } from "./store-programs";

/** MB a second, and at once, that Loki takes here: far above the first step's lines, a busy machine's bursts of them too. */
const LIMIT = { ingestion_rate_mb: 0.05, ingestion_burst_size_mb: 0.1 };

describe("npm run load, on the stores' own programs", () => {
    const folder = mkdtempSync(join(tmpdir(), "load-"));
    const programs = new Programs(folder);
    let [cortex, loki, tempo, otlp] = [0, 0, 0, 0];

    before(async function () {
        const absent = missing(["cortex", "loki", "tempo"]);
        if (absent.length > 0) {
            console.log(`    not run: ${absent.join(", ")} not on PATH`);
            this.skip();
        }
        const ports = await freePorts(7);
        [cortex = 0, loki = 0, tempo = 0, otlp = 0] = ports;
        const [, , , , first = 0, second = 0, third = 0] = ports;
        const configs = {
            cortex: cortexConfig(programs, { http: cortex, grpc: first, otlp, prometheus: 1 }),
            loki: { ...lokiConfig(programs, { http: loki, grpc: second }), limits_config: LIMIT },
            tempo: tempoConfig(programs, { http: tempo, grpc: third, otlp, prometheus: 1 }),
        };
        const here = { cortex, loki, tempo };
        for (const [program, config] of Object.entries(configs)) {
            const file = programs.file(`${program}.yaml`, config);
            const ready = `${local(here[program as keyof typeof here])}/ready`;
            await programs.start(program, [`-config.file=${file}`], ready);
        }
    });

    after(async () => {
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    it("is taken by all three, is there to the last record, and finds the limit that was set", async () => {
        const to = [
            `metrics=${local(cortex)}/api/v1/push`,
            `logs=${local(loki)}/loki/api/v1/push`,
            `traces=${local(otlp)}/v1/traces`,
        ];
        const done = await steps({
            doors: doorsOf({ to, tenant: TENANT }, SIGNALS),
            rates: { series: 500, interval: 2, lines: 100, spans: 32 },
            ...{ run: "a1", seconds: 4, slow: 30_000, knee: true },
        });
        const last = done.at(-1);
        assert.deepEqual(
            last?.gave.map(({ what }) => what),
            ["logs"],
            JSON.stringify(done),
        );
        assert.match(last.gave[0]?.why ?? "", /^429 to .*ingestion rate limit exceeded/i);
        assert.ok(done.length > 1, "the rate that is below the limit was refused");

        const series = Math.round(500 * last.factor);
        const time = String(Date.now() / 1000);
        const found = await ask(`${local(cortex)}/prometheus/api/v1/query`, { query: 'count({run="a1"})', time });
        assert.equal(found, series);
        const taken = done.reduce((sum, { measured }) => sum + (measured[1]?.taken ?? 0), 0);
        const query = 'sum(count_over_time({run="a1"}[1h]))';
        assert.equal(await ask(`${local(loki)}/loki/api/v1/query`, { query }), taken);
        const traces = done.reduce((sum, { measured }) => sum + (measured[2]?.taken ?? 0), 0) / 8;
        assert.equal(await arrived(tracesFound, traces), traces);
    });

    async function ask(url: string, query: Record<string, string>): Promise<number> {
        const answer = await fetch(`${url}?${new URLSearchParams(query)}`, { headers: TENANT_HEADER });
        const value: unknown = records(at(record(await answer.json()), "data.result"))[0]?.value;
        return Array.isArray(value) ? Number(value[1]) : 0;
    }

    async function tracesFound(): Promise<number> {
        const query = new URLSearchParams({ q: '{name="GET /cart"}', limit: "5000" });
        const answer = await fetch(`${local(tempo)}/api/search?${query}`);
        return records(record(await answer.json()).traces).length;
    }
});
