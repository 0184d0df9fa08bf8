import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PORTS as CORTEX } from "../../components/metrics/cortex/names";
import { PORTS as THANOS } from "../../components/metrics/thanos/names";
import { PORTS as LOKI } from "../../components/logs/loki/names";
import { PORTS as TEMPO } from "../../components/traces/tempo/names";
import { record } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { freePorts } from "./ports";
import { startGateway, type RenderedGateway } from "./nginx";
import { Programs } from "./programs";
import { needsCharts, rendered, renderedWith } from "./rendered";

interface Gateway extends RenderedGateway {
    /** Port of the pods, to what it takes. */
    readonly takes: Readonly<Record<number, readonly string[]>>;
    readonly nobodys: readonly string[];
    /** Whether it asks for a tenant. */
    readonly tenants: boolean;
    /** Whether a query may name several. */
    readonly several: boolean;
    /** By the port of queries, what a ruler asks without a tenant, and what the store is asked then. */
    readonly rules?: Readonly<Record<string, string>>;
    /** What makes prod have it, where it has another. */
    readonly settings?: Readonly<Record<string, string>>;
}

const GATEWAYS: readonly Gateway[] = [
    {
        namespace: "cortex",
        name: "cortex-nginx",
        ...{ tenants: true, several: true },
        takes: {
            [CORTEX.http]: ["POST /api/v1/push", "POST /api/prom/push", "POST /api/v1/otlp/v1/metrics"],
            [CORTEX.query]: [
                "GET /prometheus/api/v1/query?query=up",
                "POST /prometheus/api/v1/query_range",
                "GET /prometheus/api/v1/label/job/values",
                "GET /api/v1/rules",
                "POST /api/v1/rules/team",
            ],
        },
        rules: {
            "POST /rules/api/v1/query": "/prometheus/api/v1/query",
            "GET /rules/api/v1/query_range?query=up": "/prometheus/api/v1/query_range?query=up",
        },
        nobodys: [
            "GET /rules/api/v1/series",
            "GET /rules/api/v1/query/",
            "GET /ring",
            "POST /ring",
            "GET /all_user_stats",
            "GET /ruler/ring",
        ],
        alive: { port: CORTEX.query, path: "/healthz" },
    },
    {
        namespace: "thanos",
        name: "thanos-gateway",
        ...{ tenants: true, several: false },
        settings: { "observability:metrics": JSON.stringify({ kind: "thanos" }) },
        takes: {
            [THANOS.push]: ["POST /api/v1/receive", "POST /api/v1/otlp/v1/metrics"],
            [THANOS.query]: [
                "GET /api/v1/query?query=up",
                "POST /api/v1/query_range",
                "GET /api/v1/label/job/values",
                "GET /api/v1/status/buildinfo",
            ],
        },
        rules: {
            "POST /rules/api/v1/query": "/api/v1/query",
            "GET /rules/api/v1/query_range?query=up": "/api/v1/query_range?query=up",
        },
        nobodys: [
            "GET /rules/api/v1/series",
            "GET /api/v1/stores",
            "GET /api/v1/rules",
            "GET /metrics",
            "POST /-/reload",
            "GET /debug/pprof/heap",
        ],
        alive: { port: THANOS.query, path: "/healthz" },
    },
    {
        namespace: "loki",
        name: "loki-gateway",
        ...{ tenants: true, several: true },
        takes: {
            [LOKI.push]: ["POST /loki/api/v1/push", "POST /api/prom/push", "POST /otlp/v1/logs"],
            [LOKI.query]: ["GET /loki/api/v1/query?query=x", "POST /loki/api/v1/query_range", "GET /loki/api/v1/rules"],
        },
        nobodys: ["POST /flush", "GET /config", "POST /loki/api/v1/delete", "DELETE /loki/api/v1/rules/a/b"],
        alive: { port: LOKI.query, path: "/" },
    },
    {
        namespace: "tempo",
        name: "tempo-gateway",
        ...{ tenants: false, several: true },
        takes: {
            [TEMPO.gatewayPush]: ["POST /v1/traces", "POST /otlp/v1/traces", "POST /zipkin/spans"],
            [TEMPO.gatewayQuery]: ["GET /api/search?q=%7B%7D", "GET /api/v2/traces/1"],
        },
        nobodys: ["POST /flush", "GET /shutdown", "GET /ingester/ring"],
        alive: { port: TEMPO.gatewayQuery, path: "/" },
    },
];

describe("the stores' gateways as the charts render them, in a real nginx", function () {
    const folder = mkdtempSync(join(tmpdir(), "gateways-"));
    const programs = new Programs(folder);
    let store: Server;
    let storePort = 0;
    /** The store has too few ingesters. */
    let failing = false;
    /** What it was asked last, and as whom. */
    let asked: { readonly path: string | undefined; readonly tenant: unknown };

    before(async function () {
        needsCharts(this, ["nginx"]);
        [storePort = 0] = await freePorts(1);
        store = createServer(({ url: path, headers }, answer) => {
            asked = { path, tenant: headers["x-scope-orgid"] };
            answer.writeHead(failing ? 500 : 204).end();
        });
        await new Promise<void>((resolve) => store.listen(storePort, "127.0.0.1", resolve));
    });

    after(async () => {
        await programs.stop();
        (store as Server | undefined)?.close();
        rmSync(folder, { recursive: true });
    });

    for (const gateway of GATEWAYS) {
        describe(gateway.name, () => {
            let here: (port: number) => number;
            let model: ClusterModel;
            const ports = Object.keys(gateway.takes).map(Number);
            const status = async (port: number, call: string, tenant: string | undefined = "prod") => {
                const [method = "", path = ""] = call.split(" ");
                const headers: Record<string, string> = tenant === "" ? {} : { "X-Scope-OrgID": tenant };
                return (await fetch(`http://127.0.0.1:${here(port)}${path}`, { method, headers })).status;
            };

            before(async () => {
                // One server stands for all.
                const { settings } = gateway;
                model = await (settings === undefined ? rendered("prod") : renderedWith("prod", settings));
                here = await startGateway(programs, model, gateway, () => storePort);
            });

            it("starts while no store has a name: it looks them up as requests come", () => {
                const { data } = record(model.find("ConfigMap", gateway.namespace, gateway.name));
                const passes = String(record(data)["nginx.conf"]).match(/^\s*(?:proxy|grpc)_pass\s.*$/gm) ?? [];
                assert.ok(passes.length > 0);
                // A name without a variable behind it nginx looks up at its start, and ends where it is not known.
                assert.deepEqual(
                    passes.filter((pass) => !pass.includes("$")),
                    [],
                );
            });

            it("takes pushes by one port and queries by another", async () => {
                for (const [port, calls] of Object.entries(gateway.takes)) {
                    for (const call of calls) {
                        assert.equal(await status(Number(port), call), 204, `${port} ${call}`);
                        for (const other of ports.filter((each) => each !== Number(port))) {
                            assert.equal(await status(other, call), 403, `${other} ${call}`);
                        }
                    }
                }
                for (const call of gateway.nobodys) {
                    for (const port of ports) assert.equal(await status(port, call), 403, `${port} ${call}`);
                }
            });

            it("answers for the store where a tenant is missing, or none that it could have", async () => {
                const pushes = Object.keys(gateway.takes).indexOf(String(Math.min(...ports)));
                for (const [i, [port, calls]] of Object.entries(gateway.takes).entries()) {
                    for (const call of calls) {
                        const answers = [
                            ["", gateway.tenants ? 401 : 204],
                            ["no tenant", gateway.tenants ? 400 : 204],
                            ["..", gateway.tenants ? 400 : 204],
                            ["a".repeat(151), gateway.tenants ? 400 : 204],
                            ["team_a-1.b", 204],
                            // Several at once may be read, and not written.
                            ["a|b", gateway.tenants && (i === pushes || !gateway.several) ? 400 : 204],
                        ] as const;
                        for (const [tenant, answer] of answers) {
                            assert.equal(await status(Number(port), call, tenant), answer, `${call} as "${tenant}"`);
                        }
                    }
                }
            });

            it("asks for the platform's own tenant what a ruler asks, whoever it says that it is", async () => {
                const query = Math.max(...ports);
                for (const [call, path] of Object.entries(gateway.rules ?? {})) {
                    for (const tenant of ["", "another"]) {
                        assert.equal(await status(query, call, tenant), 204, call);
                        assert.deepEqual(asked, { path, tenant: "prod" });
                    }
                    for (const port of ports.filter((each) => each !== query)) {
                        assert.equal(await status(port, call), 403, call);
                    }
                }
            });

            it("hands on what the store fails at, and to clients of OTLP as a code that they try again", async () => {
                failing = true;
                try {
                    for (const [port, calls] of Object.entries(gateway.takes)) {
                        for (const call of calls) {
                            const otlp = call.endsWith("/api/v1/otlp/v1/metrics");
                            assert.equal(await status(Number(port), call), otlp ? 503 : 500, call);
                        }
                    }
                } finally {
                    failing = false;
                }
            });

            it("answers 502, at which clients try again, while there is no store", async () => {
                store.closeAllConnections();
                await new Promise((resolve) => store.close(resolve));
                try {
                    for (const [port, calls] of Object.entries(gateway.takes)) {
                        for (const call of calls) assert.equal(await status(Number(port), call), 502, call);
                    }
                } finally {
                    await new Promise<void>((resolve) => store.listen(storePort, "127.0.0.1", resolve));
                }
            });
        });
    }
});
