import { equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BATCH, PUSH } from "../../components/contracts/push-sizes";
import { mergeValues } from "../../components/kubernetes/merge-values";
import { PORTS as LOKI } from "../../components/logs/loki/names";
import { PORTS as CORTEX } from "../../components/metrics/cortex/names";
import { PORTS as TEMPO } from "../../components/traces/tempo/names";
import { parseGoYaml } from "../../tools/go-yaml";
import { at, record, records } from "../../tools/records";
import { configFiles } from "../../tools/verify/configs/files";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { arrived } from "./asked";
import { freePorts } from "./ports";
import { startGateway } from "./nginx";
import { Programs } from "./programs";
import {
    grpc,
    http,
    logRecords,
    lokiPush,
    points,
    RECORD,
    remoteWrite,
    spans,
    withExemplar,
    type Answer,
    type Encode,
    type Send,
} from "./pushes";
import { needsCharts, rendered } from "./rendered";
import { cortexConfig, local, lokiConfig, tempoConfig, type StorePorts } from "./store-configs";
import { TENANT_HEADER } from "./store-programs";

/*
 * The largest push that the platform promises to take, taken and read back, and a larger one refused in a way that its
 * client does not repeat. Each store is one process with the sizes and limits of prod's configuration, behind prod's
 * gateway.
 */

/** What stands between "just below" and a size, which records of one length do not always fill. */
const SLACK = 4096;
/** A store that is behind says "later", and is sent the same again so often. */
const TIMES = 20;

interface Way {
    readonly name: string;
    readonly encode: Encode;
    readonly send: Send;
    /** Port that is sent to. */
    readonly port: (doors: Doors) => number;
    /** How many records of a name the store has. */
    readonly kept: (doors: Doors, name: string) => Promise<number>;
}

/** Ports of this machine. */
interface Doors {
    readonly store: StorePorts & { readonly otlpGrpc: number };
    /** Of a gateway's pods, to those here. */
    readonly gateway: (port: number) => number;
}

const PROTOBUF = { "content-type": "application/x-protobuf" };
const OTLP = { ...PROTOBUF, ...TENANT_HEADER };
const SNAPPY = { ...OTLP, "content-encoding": "snappy", "x-prometheus-remote-write-version": "0.1.0" };

async function ask(port: number, path: string, query: Record<string, string>): Promise<Record<string, unknown>> {
    const url = `${local(port)}${path}?${new URLSearchParams(query)}`;
    const answer = await fetch(url, { headers: TENANT_HEADER });
    const text = await answer.text();
    ok(answer.ok, `${url}: ${answer.status} ${text}`);
    return record(JSON.parse(text));
}

/** The value of a query's only sample; zero where there is none. */
function sample(answer: Record<string, unknown>): number {
    const [first] = records(at(answer, "data.result"));
    const value: unknown = first?.value;
    return Array.isArray(value) ? Number(value[1]) : 0;
}

async function traces({ gateway }: Doors, name: string): Promise<number> {
    const query = { q: `{resource.service.name="${name}"}`, limit: "5000" };
    return records((await ask(gateway(TEMPO.gatewayQuery), "/api/search", query)).traces).length;
}

const lines = async ({ gateway }: Doors, name: string) =>
    sample(
        await ask(gateway(LOKI.query), "/loki/api/v1/query", {
            query: `sum(count_over_time({service_name="${name}"}[1h]))`,
        }),
    );

const series = async ({ gateway }: Doors, name: string) =>
    sample(
        await ask(gateway(CORTEX.query), "/prometheus/api/v1/query", {
            query: `count({__name__=~"pushed_.+", job="${name}"})`,
        }),
    );

const WAYS: Readonly<Record<"tempo" | "loki" | "cortex", readonly Way[]>> = {
    tempo: [
        {
            name: "OTLP over gRPC",
            encode: spans,
            send: grpc,
            port: ({ store }) => store.otlpGrpc,
            kept: traces,
        },
        {
            name: "OTLP over HTTP",
            encode: spans,
            send: http("/v1/traces", PROTOBUF),
            port: ({ store }) => store.otlp,
            kept: traces,
        },
        {
            name: "OTLP over gRPC by the gateway",
            encode: spans,
            send: grpc,
            port: ({ gateway }) => gateway(TEMPO.otlpGrpc),
            kept: traces,
        },
        {
            name: "OTLP over HTTP by the gateway",
            encode: spans,
            send: http("/v1/traces", PROTOBUF),
            port: ({ gateway }) => gateway(TEMPO.gatewayPush),
            kept: traces,
        },
    ],
    loki: [
        {
            name: "Loki's push",
            encode: lokiPush,
            send: http("/loki/api/v1/push", OTLP),
            port: ({ gateway }) => gateway(LOKI.push),
            kept: lines,
        },
        {
            name: "OTLP",
            encode: logRecords,
            send: http("/otlp/v1/logs", OTLP),
            port: ({ gateway }) => gateway(LOKI.push),
            kept: lines,
        },
    ],
    cortex: [
        {
            name: "remote write",
            encode: remoteWrite,
            send: http("/api/v1/push", SNAPPY),
            port: ({ gateway }) => gateway(CORTEX.http),
            kept: series,
        },
        {
            name: "OTLP",
            encode: points,
            send: http("/api/v1/otlp/v1/metrics", OTLP),
            port: ({ gateway }) => gateway(CORTEX.http),
            kept: series,
        },
    ],
};

const GATEWAYS = {
    tempo: { namespace: "tempo", name: "tempo-gateway", alive: { port: TEMPO.gatewayQuery, path: "/" } },
    loki: { namespace: "loki", name: "loki-gateway", alive: { port: LOKI.query, path: "/" } },
    cortex: { namespace: "cortex", name: "cortex-nginx", alive: { port: CORTEX.query, path: "/healthz" } },
} as const;

for (const store of ["tempo", "loki", "cortex"] as const) {
    describe(`the largest pushes, to ${store} with prod's sizes behind prod's gateway`, () => {
        const folder = mkdtempSync(join(tmpdir(), "push-sizes-"));
        const programs = new Programs(folder);
        let doors: Doors;

        before(async function () {
            needsCharts(this, [store, "nginx"]);
            const model = await rendered("prod");
            const [http = 0, grpc = 0, otlp = 0, otlpGrpc = 0, prometheus = 0] = await freePorts(5);
            const ports = { http, grpc, otlp, otlpGrpc, prometheus };
            const config = programs.file(`${store}.yaml`, CONFIGS[store](model, programs, ports));
            await programs.start(store, [`-config.file=${config}`], `${local(http)}/ready`);
            const behind = new Map<number, number>([
                [TEMPO.otlpGrpc, otlpGrpc],
                [TEMPO.otlpHttp, otlp],
            ]);
            const gateway = await startGateway(programs, model, GATEWAYS[store], (port) => behind.get(port) ?? http);
            doors = { store: ports, gateway };
        });

        after(async () => {
            await programs.stop();
            rmSync(folder, { recursive: true, force: true });
        });

        for (const [index, way] of WAYS[store].entries()) {
            const push = (name: string, count: number) => {
                const body = way.encode(name, count, Date.now());
                return { body, answer: sent(way.send, way.port(doors), body) };
            };

            for (const [what, size] of Object.entries({ "a batch of a collector": BATCH, "the largest push": PUSH })) {
                it(`${way.name}: ${what} is taken, and read back`, async () => {
                    const name = `${store}-${index}-${size}`;
                    const count = fitting(way, size);
                    const { body, answer } = push(name, count);
                    ok(body.length <= size && body.length > size - 2 * RECORD, `${body.length} bytes`);
                    const { taken, said } = await answer;
                    ok(taken, said);
                    equal(await arrived(() => way.kept(doors, name), count), count);
                });
            }

            it(`${way.name}: a larger one is refused for good`, async () => {
                const { body, answer } = push(`${store}-${index}-larger`, fitting(way, PUSH) + 2);
                ok(body.length > PUSH && body.length < PUSH + 4 * RECORD, `${body.length} bytes`);
                const { taken, again, said } = await answer;
                console.log(`      ${said.trim().split("\n")[0]}`);
                ok(!taken && !again, said);
            });
        }

        it("what is no push is refused for good", async () => {
            for (const way of WAYS[store]) {
                const { taken, again, said } = await way.send(way.port(doors), Buffer.from("no push at all"));
                ok(!taken && !again, `${way.name}: ${said}`);
            }
        });

        // Prometheus counts every sample of such a push as failed.
        if (store !== "cortex") return;
        const trace = { trace_id: "0123456789abcdef0123456789abcdef" };
        for (const [what, sampled, labels, stored] of [
            ["of a series that is there", true, trace, 2],
            ["of a series that is not there", false, trace, 1],
            ["without labels", true, {}, 2],
            ["that is too long", true, { trace_id: "x".repeat(200) }, 2],
        ] as const) {
            it(`remote write: an exemplar ${what} takes no sample with it`, async () => {
                const name = `exemplar ${what}`;
                const push = http("/api/v1/push", SNAPPY);
                const { taken, again, said } = await push(
                    doors.gateway(CORTEX.http),
                    withExemplar(name, Date.now(), sampled, labels),
                );
                console.log(`      ${said.trim().split("\n")[0]?.slice(0, 120)}`);
                equal(taken, what === "of a series that is there");
                equal(again, false);
                // A query without a time is asked for the whole second before.
                await sleep(1500);
                equal(await series(doors, name), stored);
            });
        }
    });
}

/** How many records stay just below a size. */
function fitting({ encode }: Way, size: number): number {
    const [one, many] = [1, 101].map((count) => encode("name-of-some-length", count, Date.now()).length);
    return Math.floor((size - SLACK) / (((many ?? 0) - (one ?? 0)) / 100));
}

async function sent(send: Send, port: number, body: Buffer): Promise<Answer> {
    let answer = await send(port, body);
    for (let times = 1; times < TIMES && answer.again; times++) {
        await sleep(1000);
        answer = await send(port, body);
    }
    return answer;
}

type Ports = Doors["store"];
type Config = Record<string, unknown>;

/** A store in one process on this machine, with what prod's configuration says about sizes. */
const CONFIGS: Readonly<Record<keyof typeof WAYS, (model: ClusterModel, programs: Programs, ports: Ports) => Config>> =
    {
        tempo: (model, programs, ports) => {
            const config = mainConfig(model, "tempo");
            const { grpc, http } = record(at(config, "distributor.receivers.otlp.protocols"));
            const protocols = {
                grpc: { ...record(grpc), endpoint: `127.0.0.1:${ports.otlpGrpc}` },
                http: { ...record(http), endpoint: `127.0.0.1:${ports.otlp}` },
            };
            const { global, ingestion } = record(at(config, "overrides.defaults"));
            return {
                ...mergeValues({ server: config.server }, tempoConfig(programs, ports)),
                distributor: { ...record(config.distributor), ring: undefined, receivers: { otlp: { protocols } } },
                overrides: { defaults: { global, ingestion } },
            };
        },
        loki: (model, programs, ports) => {
            const { server, limits_config } = mainConfig(model, "loki");
            return mergeValues({ server, limits_config }, lokiConfig(programs, ports));
        },
        cortex: (model, programs, ports) => {
            const { server, limits, ingester_client } = mainConfig(model, "cortex");
            return mergeValues({ server, limits, ingester_client }, cortexConfig(programs, ports));
        },
    };

function mainConfig(model: ClusterModel, program: string): Config {
    const file = configFiles(model).files.find((each) => each.program === program && each.kind === "main");
    return record(parseGoYaml(file?.text ?? "").value);
}
