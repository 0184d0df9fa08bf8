import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { mergeValues } from "../../components/kubernetes/merge-values";
import { LOKI_STORED_SHARE } from "../../components/logs/loki/size";
import { distributorCores } from "../../components/metrics/cortex/size";
import { headBytes, headCores } from "../../components/sizing/head";
import { TEMPO_STORED_SHARE } from "../../components/traces/tempo/size";
import { doorsOf } from "../../tools/load/door";
import { SIGNALS } from "../../tools/load/signals";
import { steps } from "../../tools/load/steps";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { cortexConfig, local, lokiConfig, tempoConfig } from "./store-configs";
import { startMinio, TENANT } from "./store-programs";
import { until } from "./until";

/*
 * What the stores' own programs use for a load, distributors and ingesters each a process of its own with one copy, beside
 * what `npm run size` reckons for it: `MEASURE=1 npm run e2e -- --grep "what the stores use"`. What a record costs is its
 * processor's time, which a busy machine leaves as it is. The table that it prints is the one of docs/reference/sizing.md.
 */

const INTERVAL = 15;
const LOAD = { series: 30_000, interval: INTERVAL, lines: 1500, spans: 800 };
const SECONDS = 60;
/** A share of a bucket may be so far from what is reckoned before that has to be another one. */
const OFF = 0.3;

interface Usage {
    /** Seconds of a processor's time since the start. */
    readonly cpu: number;
    /** Resident bytes. */
    readonly memory: number;
}

interface Row {
    readonly what: string;
    readonly reckoned: number;
    readonly measured: number;
    readonly unit: string;
}

describe("what the stores use", function () {
    this.timeout(3_600_000);
    const folder = mkdtempSync(join(tmpdir(), "sizing-"));
    const programs = new Programs(folder);
    const addresses = new Map<string, string>();

    before(async function () {
        const absent = missing(["cortex", "loki", "tempo", "minio"]);
        const none = process.env.MEASURE === undefined ? "MEASURE is not set" : `${absent.join(", ")} not on PATH`;
        if (process.env.MEASURE === undefined || absent.length > 0) {
            console.log(`    not run: ${none}`);
            this.skip();
        }
        const [http = 0] = await freePorts(1);
        const s3 = await startMinio(programs, { http }, ["loki", "tempo"]);
        await startSplit("cortex", ({ http: own, grpc, otlp }) =>
            mergeValues(cortexConfig(programs, { http: own, grpc, otlp, prometheus: 0 }), {
                distributor: { ring: { ...GOSSIP, instance_interface_names: ["lo"] } },
                ingester: { lifecycler: { ring: GOSSIP } },
            }),
        );
        await startSplit("loki", ({ name, ...ports }) =>
            mergeValues(lokiConfig(programs, ports, programs.data(name)), {
                common: {
                    ring: { ...GOSSIP, instance_interface_names: ["lo"] },
                    storage: { filesystem: null, s3: { ...s3, bucketnames: "loki" } },
                },
                ingester: { lifecycler: { min_ready_duration: "0s", final_sleep: "0s" } },
                schema_config: { configs: [{ ...SCHEMA, object_store: "s3" }] },
                limits_config: { ingestion_rate_mb: 100, ingestion_burst_size_mb: 200 },
            }),
        );
        await startSplit("tempo", ({ name, ...ports }) => {
            const config = tempoConfig(programs, { ...ports, prometheus: 1 });
            return mergeValues(config, {
                distributor: { ring: GOSSIP },
                ingester: {
                    lifecycler: {
                        min_ready_duration: "0s",
                        ring: { ...GOSSIP, replication_factor: 1 },
                        address: "127.0.0.1",
                    },
                },
                storage: {
                    trace: {
                        backend: "s3",
                        s3: {
                            bucket: "tempo",
                            endpoint: s3.endpoint.replace("http://", ""),
                            access_key: s3.access_key_id,
                            secret_key: s3.secret_access_key,
                            insecure: true,
                        },
                        wal: { path: join(programs.data(name), "wal") },
                    },
                },
            });
        });
    });

    after(async () => {
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    /** A distributor and an ingester of a store, in a ring by gossip. */
    async function startSplit(
        store: "cortex" | "loki" | "tempo",
        config: (ports: { name: string; http: number; grpc: number; otlp: number }) => Record<string, unknown>,
    ): Promise<void> {
        const gossip = await freePorts(2);
        const join_members = gossip.map((port) => `127.0.0.1:${port}`);
        await Promise.all(
            (["distributor", "ingester"] as const).map(async (target, i) => {
                const [http = 0, grpc = 0, otlp = 0] = await freePorts(3);
                const name = `${store}-${target}`;
                const itself = { node_name: name, bind_port: gossip[i], advertise_port: gossip[i] };
                const memberlist = { ...itself, bind_addr: ["127.0.0.1"], advertise_addr: "127.0.0.1", join_members };
                const own = mergeValues(config({ name, http, grpc, otlp }), { memberlist });
                const file = programs.file(`${name}.yaml`, { ...own, target });
                addresses.set(name, local(http));
                if (store === "tempo" && target === "distributor") addresses.set("otlp", local(otlp));
                await programs.startAs(name, store, [`-config.file=${file}`], `${local(http)}/ready`);
            }),
        );
    }

    const at = (name: string) => addresses.get(name) ?? assert.fail(name);

    async function usage(name: string): Promise<Usage> {
        const text = await (await fetch(`${at(name)}/metrics`)).text();
        const of = (metric: RegExp) => Number(metric.exec(text)?.[1]);
        return {
            cpu: of(/^process_cpu_seconds_total (.+)$/m),
            memory: of(/^process_resident_memory_bytes (.+)$/m),
        };
    }

    it("for a load, beside what `npm run size` reckons", async () => {
        const names = [...addresses.keys()].filter((name) => name !== "otlp");
        const all = async () =>
            new Map(await Promise.all(names.map(async (name) => [name, await usage(name)] as const)));
        const to = [
            `metrics=${at("cortex-distributor")}/api/v1/push`,
            `logs=${at("loki-distributor")}/loki/api/v1/push`,
            `traces=${at("otlp")}/v1/traces`,
        ];
        const doors = doorsOf({ to, tenant: TENANT }, SIGNALS);
        // A distributor that is ready may not have heard of its ingester yet.
        const few = { series: INTERVAL, interval: INTERVAL, lines: 1, spans: 1 };
        await until("all doors take what is pushed", async () => {
            const [first] = await steps({ doors, rates: few, run: "a0", seconds: 2, slow: 30_000, knee: false });
            return (first?.gave ?? []).map(({ why }) => why).join(", ");
        });
        const before = await all();
        const [step] = await steps({
            doors,
            rates: LOAD,
            ...{ run: "a1", seconds: SECONDS, slow: 30_000, knee: false },
        });
        assert.ok(step);
        // A machine that has other work refuses by timeouts, and what is left says nothing.
        assert.deepEqual(step.gave, [], JSON.stringify(step));
        const after = await all();
        const lasted = (each: string) => (after.get(each)?.cpu ?? NaN) - (before.get(each)?.cpu ?? NaN);
        const grown = (each: string) => (after.get(each)?.memory ?? NaN) - (before.get(each)?.memory ?? NaN);
        const [metrics, logs, traces] = step.measured.map(({ taken, bytes, accepted }) => ({
            records: taken,
            bytes: (bytes / accepted) * taken,
        }));
        assert.ok(metrics && logs && traces, JSON.stringify(step));
        const stored = {
            loki: (await flushed("loki", `${at("loki-ingester")}/flush`, logs.bytes)) / logs.bytes,
            tempo: (await flushed("tempo", `${at("tempo-ingester")}/flush`, traces.bytes)) / traces.bytes,
        };
        const micro = 1e6;
        const rows: Row[] = [
            row(
                "Cortex' distributor, processor for a sample",
                distributorCores(1) * micro,
                (lasted("cortex-distributor") / metrics.records) * micro,
                "µs",
            ),
            row(
                `Cortex' ingester, processor for a sample, one in ${INTERVAL} s of each series`,
                headCores(INTERVAL) * micro,
                (lasted("cortex-ingester") / metrics.records) * micro,
                "µs",
            ),
            row(
                "Cortex' ingester, memory of a series, without headroom",
                headBytes(1) / 1000,
                grown("cortex-ingester") / LOAD.series / 1000,
                "kB",
            ),
            row(
                "Loki's distributor, processor for 1 MB of lines",
                LOKI.distributor,
                (lasted("loki-distributor") / logs.bytes) * 1e6 * 1000,
                "ms",
            ),
            row(
                "Loki's three ingesters, processor for 1 MB of lines",
                LOKI.ingester,
                (lasted("loki-ingester") / logs.bytes) * 3 * 1e6 * 1000,
                "ms",
            ),
            row(
                "Tempo's distributor, processor for 1 MB of spans",
                TEMPO.distributor,
                (lasted("tempo-distributor") / traces.bytes) * 1e6 * 1000,
                "ms",
            ),
            row(
                "Tempo's three ingesters, processor for 1 MB of spans",
                TEMPO.ingester,
                (lasted("tempo-ingester") / traces.bytes) * 3 * 1e6 * 1000,
                "ms",
            ),
            row("Loki's bucket, share of the lines", LOKI_STORED_SHARE * 100, stored.loki * 100, "%"),
            row("Tempo's bucket, share of the spans", TEMPO_STORED_SHARE * 100, stored.tempo * 100, "%"),
        ];
        console.log(tableOf(rows));
        console.log(`      records: ${metrics.records} samples, ${logs.records} lines, ${traces.records} spans`);
        for (const name of names) {
            console.log(
                `      ${name}: ${lasted(name).toFixed(1)} s, ${((after.get(name)?.memory ?? 0) / 2 ** 20).toFixed(0)} MiB`,
            );
        }
        for (const [share, found] of [
            [LOKI_STORED_SHARE, stored.loki],
            [TEMPO_STORED_SHARE, stored.tempo],
        ] as const) {
            assert.ok(Math.abs(found / share - 1) < OFF, `a bucket holds ${found} of what was received, not ${share}`);
        }
    });

    /** Bytes of a bucket once an ingester has flushed; both copies of MinIO's parity left out. */
    async function flushed(bucket: string, url: string, received: number): Promise<number> {
        await fetch(url, { method: "POST" });
        let size = 0;
        for (let same = 0; same < 5;) {
            await sleep(3000);
            const now = drives(bucket);
            same = now === size && now > received / 1000 ? same + 1 : 0;
            size = now;
        }
        return size;
    }

    /** Four drives, two of them parity: half of what lies on them. */
    function drives(bucket: string): number {
        return [1, 2, 3, 4].reduce((sum, drive) => sum + sizeOf(join(folder, `drive${drive}`, bucket)), 0) / 2;
    }
});

/** As upstream's tables have it: cores for a rate, so that one second's bytes cost so many milliseconds. */
const TERABYTES_3_A_DAY = 3e12 / 86_400 / 1e6;
const LOKI = { distributor: ((4 * 2) / TERABYTES_3_A_DAY) * 1000, ingester: ((6 * 2) / TERABYTES_3_A_DAY) * 1000 };
const TEMPO = { distributor: (2 / 10) * 1000, ingester: (2.5 / 4) * 1000 };

const GOSSIP = { kvstore: { store: "memberlist" } };
const SCHEMA = { from: "2024-01-01", store: "tsdb", schema: "v13", index: { prefix: "index_", period: "24h" } };

const row = (what: string, reckoned: number, measured: number, unit: string): Row => ({
    what,
    reckoned,
    measured,
    unit,
});

function tableOf(rows: readonly Row[]): string {
    const lines = rows.map(({ what, reckoned, measured, unit }) =>
        [
            what,
            `${reckoned.toFixed(1)} ${unit}`,
            `${measured.toFixed(1)} ${unit}`,
            `${((measured / reckoned) * 100).toFixed(0)} %`,
        ].join(" | "),
    );
    return [["", "reckoned", "measured", "of it"].join(" | "), "--- | ---: | ---: | ---:", ...lines]
        .map((line) => `| ${line} |`)
        .join("\n");
}

function sizeOf(path: string): number {
    const found = statSync(path);
    if (!found.isDirectory()) return found.size;
    return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
