import { deepEqual, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { metricsOf } from "../../tools/promql";
import { isRecord, record, strings } from "../../tools/records";
import { interpolated, panelQueries } from "../fixtures/dashboard-queries";
import { missing } from "./control-plane";
import { exporter, portOf } from "./exporter";
import { Programs } from "./programs";
import { startStores, STORE_PROGRAMS, TENANT_HEADER, type Addresses } from "./store-programs";

/*
 * Every query of every dashboard, asked of the stores' real programs. Prometheus, Alertmanager, MinIO, Cortex, Loki and
 * Tempo, which makes metrics of spans here too, are scraped where they are on PATH; for what remains an exporter stands in that has the names and labels of the tables.
 * This proves that the stores take the queries and that selectors, joins and groupings meet; Grafana is not run.
 */

/** Empty on good days: comparisons that hold for what is wrong, and looks into a past that there is not yet. */
const MAY_BE_EMPTY = /[=!]= |[<>] |\boffset\b|\[\d+[a-z]:/;

/** Thanos and its ruler count by Prometheus' own names, in whose place nothing stands in here: thanos.test.ts asks it for these. */
const OF_THANOS = /\b(up|prometheus_\w+)\{[^}]*(namespace="thanos"|job="[\w-]+-thanos-ruler")/;

const promql = panelQueries
    .filter(({ language }) => language === "prometheus")
    .map((query) => ({ ...query, expr: interpolated(query.expr, { __rate_interval: "10s" }) }));
const logql = panelQueries.filter(({ language }) => language === "loki");
const traceql = panelQueries.filter(({ language }) => language === "tempo");

describe("queries of the dashboards", () => {
    const folder = mkdtempSync(join(tmpdir(), "dashboards-"));
    const programs = new Programs(folder);
    const here = new Set(STORE_PROGRAMS.filter((program) => missing([program]).length === 0));
    let standIn: Server | undefined;
    let addresses: Addresses;

    before(async function () {
        if (missing(["prometheus"]).length > 0) {
            console.log("    not run: prometheus is not on PATH");
            this.skip();
        }
        const absent = STORE_PROGRAMS.filter((program) => !here.has(program));
        if (absent.length > 0) console.log(`    without ${absent.join(", ")}: not on PATH`);
        standIn = await exporter(
            promql.map(({ expr }) => expr),
            realNames(here),
        );
        addresses = await startStores(programs, here, portOf(standIn));
        await sleep(5000);
        // What is asked of the stores is counted from the first question on.
        const { cortex, loki, tempo, otlp } = addresses;
        if (otlp !== undefined) await pushSpan(otlp);
        if (tempo !== undefined) await ask(`${tempo}/api/search?q={}`);
        if (cortex !== undefined) await ask(`${cortex}/prometheus/api/v1/query?query=up`, TENANT_HEADER);
        if (loki !== undefined) {
            await push(`${loki}/loki/api/v1/push`, { cluster: "e2e" }, "a line");
            await ask(`${loki}/loki/api/v1/query_range?query={cluster="e2e"}`, TENANT_HEADER);
        }
        // Rates need two scrapes, those over an hour too.
        await sleep(10_000);
    });

    after(async () => {
        await programs.stop();
        standIn?.close();
        rmSync(folder, { recursive: true, force: true });
    });

    it("are taken by Prometheus, with data where there are any", async () => {
        await taken((path) => ask(`${addresses.prometheus}${path}`));
    });

    it("are taken by Cortex, with data where there are any", async function () {
        const { cortex } = addresses;
        if (cortex === undefined) this.skip();
        await taken((path) => ask(`${cortex}/prometheus${path}`, TENANT_HEADER));
    });

    it("are taken by Loki, and find the lines that they look for", async function () {
        const { loki } = addresses;
        if (loki === undefined) this.skip();
        const refused: string[] = [];
        for (const { where, expr } of logql) {
            const namespace = /namespace="(\w+)"/.exec(expr)?.[1] ?? "";
            const line = namespace === "minio" ? "API: PutObject" : 'level=error {"level":"error"} ERROR';
            await push(`${loki}/loki/api/v1/push`, { cluster: "e2e", namespace }, line);
            const query = new URLSearchParams({ query: interpolated(expr), since: "1h" });
            const { status, data } = await ask(`${loki}/loki/api/v1/query_range?${query}`, TENANT_HEADER);
            const { result } = record(data);
            if (status !== "success" || !Array.isArray(result) || result.length === 0)
                refused.push(`${where}: ${expr}`);
        }
        deepEqual(refused, []);
    });

    it("are taken by Tempo, and find the traces that they look for", async function () {
        const { tempo } = addresses;
        if (tempo === undefined) this.skip();
        ok(traceql.length > 0);
        const empty: string[] = [];
        for (const { where, expr } of traceql) {
            const { traces } = await ask(`${tempo}/api/search?${new URLSearchParams({ q: expr, limit: "20" })}`);
            if (!Array.isArray(traces) || traces.length === 0) empty.push(`${where}: ${expr}`);
        }
        deepEqual(empty, []);
    });
});

/** Asks each query, once or over a minute, as its panel does. */
async function taken(get: (path: string) => Promise<Record<string, unknown>>): Promise<void> {
    const names = new Set(strings((await get("/api/v1/label/__name__/values")).data));
    ok(names.size > 100, `only ${names.size} metrics`);
    const now = Date.now() / 1000;
    const refused: string[] = [];
    const empty: string[] = [];
    let answered = 0;
    for (const { where, expr, instant } of promql) {
        const time: Record<string, string> = instant
            ? { time: String(now) }
            : { start: String(now - 60), end: String(now), step: "15" };
        const query = new URLSearchParams({ query: expr, ...time });
        const { status, error, data } = await get(`/api/v1/query${instant ? "" : "_range"}?${query}`);
        if (status !== "success") refused.push(`${where}: ${String(error)} in ${expr}`);
        const { result } = record(data);
        const found = Array.isArray(result) && result.length > 0;
        if (found) answered++;
        const expected =
            !MAY_BE_EMPTY.test(expr) &&
            !OF_THANOS.test(expr) &&
            metricsOf(expr).every(({ metric }) => names.has(metric ?? ""));
        if (expected && !found) empty.push(`${where}: ${expr}`);
    }
    console.log(`      ${promql.length} queries taken, ${answered} answered with data`);
    deepEqual(refused, []);
    deepEqual(empty, []);
    ok(answered > promql.length * 0.75, "most have to find data, else the others prove nothing");
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<Record<string, unknown>> {
    const response = await fetch(url, { headers });
    const text = await response.text();
    try {
        const answer: unknown = JSON.parse(text);
        return isRecord(answer) ? answer : { error: text };
    } catch {
        return { status: "error", error: `${response.status} ${text}` };
    }
}

async function push(url: string, stream: Record<string, string>, line: string): Promise<void> {
    const body = JSON.stringify({ streams: [{ stream, values: [[`${Date.now()}000000`, line]] }] });
    const response = await fetch(url, {
        method: "POST",
        headers: { ...TENANT_HEADER, "content-type": "application/json" },
        body,
    });
    ok(response.ok, await response.text());
}

/** A request that a service answered, and failed. https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
async function pushSpan(otlp: string): Promise<void> {
    const now = BigInt(Date.now()) * 1_000_000n;
    const span = {
        traceId: "5b8efff798038103d269b633813fc60c",
        spanId: "eee19b7ec3c1b174",
        name: "GET /",
        kind: 2,
        startTimeUnixNano: String(now - 1_000_000n),
        endTimeUnixNano: String(now),
        status: { code: 2 },
    };
    const resource = { attributes: [{ key: "service.name", value: { stringValue: "shop" } }] };
    const response = await fetch(`${otlp}/v1/traces`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
    });
    ok(response.ok, await response.text());
}

/** Names that the programs here expose themselves: nothing stands in for those. */
function realNames(here: ReadonlySet<string>): RegExp {
    const prefixes = [
        "up$",
        "scrape_",
        "ALERTS$",
        "prometheus_",
        ...[...here].map((program) => `${program}_(?!canary|vulture)`),
        ...(here.has("tempo") ? ["traces_"] : []),
    ];
    return new RegExp(`^(${prefixes.join("|")})`);
}
