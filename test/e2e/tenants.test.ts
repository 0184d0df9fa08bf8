import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cortexConfig, runtimeConfig } from "../../components/metrics/cortex/config";
import { cortexDefaults } from "../../components/metrics/cortex/settings";
import { lokiConfig } from "../../components/logs/loki/config";
import { lokiDefaults } from "../../components/logs/loki/settings";
import { tempoDefaults } from "../../components/traces/tempo/settings";
import { overrides, tenantOverrides } from "../../components/traces/tempo/config";
import { platformOf } from "../fixtures/platform";
import { metricsStore, objectStore } from "../fixtures/stores";
import { askedAs } from "./asked";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { cortexConfig as cortexAlone, lokiConfig as lokiAlone, tempoConfig, type StorePorts } from "./store-configs";

const common = { platform: platformOf("nothing"), objectStore };
const NANOSECONDS = "000000";

describe("limits of tenants, in the stores themselves", function () {
    const folder = mkdtempSync(join(tmpdir(), "tenants-"));
    const programs = new Programs(folder);
    let ports: StorePorts;

    beforeEach(async () => {
        const [http = 0, grpc = 0, otlp = 0, prometheus = 0] = await freePorts(4);
        ports = { http, grpc, otlp, prometheus };
    });

    after(async () => {
        await programs.stop();
        rmSync(folder, { recursive: true });
    });

    /** Status of a push as a tenant. */
    async function pushed(tenant: string, path: string, body: unknown, port = ports.http): Promise<number> {
        const headers = { "X-Scope-OrgID": tenant, "Content-Type": "application/json" };
        const url = `http://127.0.0.1:${port}${path}`;
        const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
        await answer.text();
        return answer.status;
    }

    function here(test: Mocha.Context, program: string): void {
        if (missing([program]).length === 0) return;
        console.log(`      skipped: ${program} is not on PATH`);
        test.skip();
    }

    it("Cortex refuses the second series of one that may have one, and takes another's", async function () {
        here(this, "cortex");
        const args = {
            ...common,
            settings: cortexDefaults("nothing"),
            tenants: { small: { maxSeries: 1 }, large: {} },
            access: { rotation: 1, accountAnnotations: {} },
            alertReceiver: { srvUrl: "http://alerts" },
        };
        const { tenant_federation } = cortexConfig(args);
        const config = {
            ...cortexAlone(programs, ports),
            tenant_federation,
            runtime_config: { file: programs.file("cortex-limits.yaml", runtimeConfig(args)) },
        };
        const file = programs.file("cortex.yaml", config);
        await programs.start("cortex", [`-config.file=${file}`], `http://127.0.0.1:${ports.http}/ready`);
        const now = `${Date.now()}${NANOSECONDS}`;
        const series = (name: string) => ({
            resourceMetrics: [
                {
                    scopeMetrics: [
                        { metrics: [{ name, gauge: { dataPoints: [{ timeUnixNano: now, asDouble: 1 }] } }] },
                    ],
                },
            ],
        });
        const push = (tenant: string, name: string) => pushed(tenant, "/api/v1/otlp/v1/metrics", series(name));
        assert.deepEqual([await push("small", "a"), await push("small", "b")], [200, 400]);
        assert.deepEqual([await push("large", "a"), await push("large", "b")], [200, 200]);
        const seen = async (...tenants: string[]) =>
            askedAs(tenants.join("|")).samples(ports.http, '{__name__=~"a|b"}');
        assert.deepEqual([await seen("small"), await seen("large"), await seen("small", "large")], [1, 2, 3]);
    });

    it("Loki refuses the second stream of one that may have one, and takes another's", async function () {
        here(this, "loki");
        const { runtimeConfig: limits, querier } = lokiConfig({
            ...common,
            settings: lokiDefaults("nothing"),
            tenants: { small: { maxStreams: 1 }, large: {} },
            access: { rotation: 1, accountAnnotations: {} },
            alertmanagerUrl: "http://alerts",
            metricsPushUrl: "http://metrics",
        });
        const config = {
            ...lokiAlone(programs, ports),
            querier,
            runtime_config: { file: programs.file("loki-limits.yaml", limits as Record<string, unknown>) },
        };
        const file = programs.file("loki.yaml", config);
        await programs.start("loki", [`-config.file=${file}`], `http://127.0.0.1:${ports.http}/ready`);
        const push = (tenant: string, app: string) =>
            pushed(tenant, "/loki/api/v1/push", {
                streams: [{ stream: { app }, values: [[`${Date.now()}${NANOSECONDS}`, "line"]] }],
            });
        assert.deepEqual([await push("small", "a"), await push("small", "b")], [204, 429]);
        assert.deepEqual([await push("large", "a"), await push("large", "b")], [204, 204]);
        const seen = async (...tenants: string[]) => askedAs(tenants.join("|")).lines(ports.http, '{app=~"a|b"}');
        assert.deepEqual([await seen("small"), await seen("large"), await seen("small", "large")], [1, 2, 3]);
    });

    it("Tempo refuses a push beyond one's burst, takes another's, and tells them apart", async function () {
        here(this, "tempo");
        const args = {
            ...common,
            settings: { ...tempoDefaults("nothing"), multitenancy: true },
            tenants: { small: { ingestRate: "1Mi", ingestBurst: "1Mi", traceSize: "1Mi" }, large: {} },
            metricsStore,
            access: { rotation: 1, accountAnnotations: {} },
        };
        const limits = { overrides: tenantOverrides(args).per_tenant_overrides };
        const file = programs.file("tempo.yaml", {
            ...tempoConfig(programs, ports),
            multitenancy_enabled: true,
            overrides: {
                defaults: { ingestion: overrides(args).defaults.ingestion },
                per_tenant_override_config: programs.file("tempo-limits.yaml", limits),
            },
        });
        await programs.start("tempo", [`-config.file=${file}`], `http://127.0.0.1:${ports.http}/ready`);
        const trace = "0102030405060708090a0b0c0d0e0f10";
        const start = `${Date.now()}${NANOSECONDS}`;
        const push = (tenant: string, bytes: number) =>
            pushed(
                tenant,
                "/v1/traces",
                {
                    resourceSpans: [
                        {
                            scopeSpans: [
                                {
                                    spans: [
                                        {
                                            traceId: trace,
                                            spanId: "0102030405060708",
                                            name: "x".repeat(bytes),
                                            startTimeUnixNano: start,
                                            endTimeUnixNano: start,
                                        },
                                    ],
                                },
                            ],
                        },
                    ],
                },
                ports.otlp,
            );
        const MIB = 2 ** 20;
        assert.deepEqual([await push("small", 2 * MIB), await push("large", 2 * MIB)], [429, 200]);
        const found = async (tenant: string) =>
            (
                await fetch(`http://127.0.0.1:${ports.http}/api/traces/${trace}`, {
                    headers: { "X-Scope-OrgID": tenant },
                })
            ).status;
        assert.deepEqual([await found("large"), await found("small"), await found("small|large")], [200, 404, 200]);
    });
});
