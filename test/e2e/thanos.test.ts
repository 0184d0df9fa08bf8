import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { thanosDashboard } from "../../components/metrics/thanos/dashboard";
import { thanosPanels } from "../../components/metrics/thanos/panels";
import { at, record, records, strings } from "../../tools/records";
import { interpolated } from "../fixtures/dashboard-queries";
import { IdentityAgent } from "./backup/identity-agent";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { needsCharts, renderedWith } from "./rendered";
import { RulersHere } from "./ruler-programs";
import { local } from "./store-configs";
import { goThrough, SHOP_RULES, writeOrders } from "./store-rules";
import { ThanosHere } from "./thanos-programs";
import { until } from "./until";

const PODS = {
    "thanos-receive-ingestor": 3,
    "thanos-receive-router": 1,
    "thanos-store-gateway": 1,
    "thanos-query": 1,
    "thanos-query-frontend": 1,
    "thanos-compact": 1,
};

type Headers = Readonly<Record<string, string>>;
const as = (tenant: string): Headers => ({ "X-Scope-OrgID": tenant });

describe("Thanos as it is rendered for production, in its real programs", function () {
    const folder = mkdtempSync(join(tmpdir(), "thanos-"));
    const programs = new Programs(folder);
    let thanos: ThanosHere;

    before(async function () {
        needsCharts(this, ["thanos", "minio", "nginx", "prometheus", "memcached"]);
        const metrics = JSON.stringify({ kind: "thanos", retention: "365d" });
        const model = await renderedWith("prod", { "observability:metrics": metrics });
        thanos = await ThanosHere.start(programs, model, PODS);
    });

    after(async () => {
        await programs.stop();
        if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
    });

    async function asked(path: string, headers: Headers, base = thanos.query) {
        const response = await fetch(`${base}${path}`, { headers });
        const text = await response.text();
        return { status: response.status, data: response.ok ? record(JSON.parse(text)).data : text };
    }

    async function found(expr: string, headers: Headers, more = "", base?: string) {
        const { data } = await asked(`/api/v1/query?query=${encodeURIComponent(expr)}${more}`, headers, base);
        return records(at(data, "result"));
    }

    const value = (series: unknown) => Number(strings(at(series, "value")).at(-1));
    /** Whether the platform's own tenant has this value of an expression. */
    const is = async (wanted: number, expr: string) => value((await found(expr, as("prod")))[0]) === wanted;

    /** Pushes a sample of now by OTLP; the status, and its time in milliseconds. */
    async function pushed(name: string, headers: Headers) {
        const now = Date.now();
        const gauge = { dataPoints: [{ timeUnixNano: `${now}000000`, asDouble: now }] };
        const body = JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name, gauge }] }] }] });
        const response = await fetch(`${thanos.push}/api/v1/otlp/v1/metrics`, {
            method: "POST",
            headers: { ...headers, "content-type": "application/json" },
            body,
        });
        await response.text();
        return { status: response.status, now };
    }

    async function startPair(): Promise<void> {
        const ports = await freePorts(2);
        for (const [i, port] of ports.entries()) {
            const config = programs.file(`prometheus-${i}.yaml`, {
                global: {
                    scrape_interval: "1s",
                    external_labels: { cluster: "e2e", prometheus: "monitoring/pair", prometheus_replica: `pair-${i}` },
                },
                remote_write: [{ url: `${thanos.push}/api/v1/receive`, headers: as("prod") }],
                scrape_configs: thanos.all.map(({ workload, pod, http }) => ({
                    job_name: pod,
                    honor_labels: true,
                    static_configs: [
                        { targets: [`127.0.0.1:${http}`], labels: { job: workload, namespace: "thanos", pod } },
                    ],
                })),
            });
            await programs.startAs(
                `prometheus-${i}`,
                "prometheus",
                [
                    `--config.file=${config}`,
                    `--storage.tsdb.path=${programs.data(`prometheus-${i}`)}`,
                    `--web.listen-address=127.0.0.1:${port}`,
                ],
                `${local(port)}/-/ready`,
            );
        }
    }

    it("asks for a tenant, and answers none with what is another's", async () => {
        deepEqual((await asked("/api/v1/query?query=up", {})).status, 401);
        equal((await pushed("nobodys", {})).status, 401);
        equal((await pushed("ours", as("prod"))).status, 200);
        equal((await pushed("shops", as("shop"))).status, 200);
        // Queriers ask ingestors every few seconds which tenants they have.
        await sleep(8000);
        const names = async (headers: Headers) =>
            strings((await asked("/api/v1/label/__name__/values", headers)).data).filter((name) => /s$/.test(name));
        deepEqual(await names(as("prod")), ["ours"]);
        deepEqual(await names(as("shop")), ["shops"]);
        // By the name that Thanos' parts use among themselves, and by a label of the query.
        const spoofed = { ...as("prod"), "THANOS-TENANT": "shop" };
        deepEqual(await names(spoofed), ["ours"]);
        for (const headers of [as("prod"), spoofed]) {
            deepEqual(await found("shops", headers), []);
            deepEqual(await found('shops{receive_tenant="shop"}', headers), []);
            equal((await found("ours", headers)).length, 1);
        }
        equal((await asked("/api/v1/query_exemplars?query=ours&start=0&end=1", as("shop"))).status, 403);
        equal((await asked("/api/v1/query_exemplars?query=ours&start=0&end=1", as("prod"))).status, 200);
    });

    it("answers with one copy of what a pair of Prometheus sends, and keeps three of each", async () => {
        await startPair();
        await sleep(8000);
        const [job] = Object.keys(PODS);
        const [counted] = await found(`count(up{job="${job}"})`, as("prod"));
        equal(value(counted), 3);
        const [series] = await found(`up{pod="${job}-0"}`, as("prod"));
        const labels = Object.keys(record(at(series, "metric")));
        ok(labels.includes("prometheus"), labels.join(", "));
        deepEqual(
            labels.filter((label) => /replica/.test(label)),
            [],
        );
        // Asked for every copy: two replicas, each on three ingestors.
        const all = await found(
            `up{pod="${job}-0"}`,
            as("prod"),
            "&dedup=false",
            local(thanos.of("thanos-query-0").http),
        );
        equal(all.length, 6);
    });

    it("has data for each query of its dashboard and its panels on the pages of the whole", async () => {
        const { flow, checks = [], cost = [], path = [] } = thanosPanels;
        const panels = [
            ...thanosDashboard()
                .rows.slice(0, 4)
                .flatMap(({ panels: own }) => own),
            ...(flow ? [flow] : []),
            ...checks,
            ...cost,
            ...path.flatMap(({ hops }) => hops.flat()),
        ];
        // What is asked of them is counted from the first question on, and brought by the next scrapes.
        await found("up", as("prod"));
        await sleep(4000);
        const empty: string[] = [];
        for (const panel of panels) {
            if (!("queries" in panel)) continue;
            for (const query of panel.queries) {
                if (query.store !== "metrics") continue;
                const expr = interpolated(query.expr, { __rate_interval: "10s" });
                if ((await found(expr, as("prod"))).length === 0) empty.push(`${panel.title}: ${expr}`);
            }
        }
        deepEqual(empty, []);
    });

    it("has rules evaluated by the pair of rulers, whose results it keeps once", async () => {
        await writeOrders(`${thanos.push}/api/v1/receive`, as("prod"));
        const here = (url: string) =>
            new URL(url).pathname.startsWith("/rules") ? `${thanos.query}/rules` : `${thanos.push}/api/v1/receive`;
        const rulers = await RulersHere.start(programs, thanos.model, here, SHOP_RULES);
        try {
            await goThrough(rulers, (expr) => found(expr, as("prod")));
        } finally {
            await rulers.stop();
        }
    });

    it("keeps every sample that it acknowledged while one process of each sort is killed and comes back", async () => {
        const acknowledged: number[] = [];
        let refused = 0;
        const writing: { on: boolean } = { on: true };
        const writer = (async () => {
            while (writing.on) {
                const { status, now } = await pushed("killed", as("prod"));
                if (status === 200) acknowledged.push(now);
                else refused++;
                await sleep(20);
            }
        })();
        for (const workload of Object.keys(PODS)) {
            await sleep(500);
            await thanos.of(`${workload}-0`).stop("SIGKILL");
            await sleep(1000);
            await thanos.run(`${workload}-0`);
        }
        // Another ingestor than the first: what the first has missed is on this one and on the third.
        await thanos.of("thanos-receive-ingestor-1").stop("SIGKILL");
        await sleep(1000);
        writing.on = false;
        await writer;
        console.log(`      ${acknowledged.length} samples acknowledged, ${refused} refused and to be sent again`);
        ok(acknowledged.length > 100);
        await sleep(3000);
        const [series] = await found("killed[10m]", as("prod"));
        const kept = new Set((at(series, "values") as [number, string][]).map(([time]) => Math.round(time * 1000)));
        deepEqual(
            acknowledged.filter((time) => !kept.has(time)),
            [],
        );
        await thanos.run("thanos-receive-ingestor-1");
    });

    it("answers from the bucket alone what ingestors brought there when they were stopped", async () => {
        await pushed("stopped", as("prod"));
        // The newest sample of a tenant stays in the log: the block that is cut at the end ends before it.
        await sleep(10);
        await pushed("newest", as("prod"));
        const [before] = await found("count(last_over_time(stopped[10m]))", as("prod"));
        equal(value(before), 1);
        for (const i of [0, 1, 2]) await thanos.of(`thanos-receive-ingestor-${i}`).stop("SIGTERM");
        // It looks for blocks every quarter of an hour, and at its start.
        await thanos.of("thanos-store-gateway-0").stop("SIGTERM");
        await thanos.emptied("chunks");
        await thanos.run("thanos-store-gateway-0");
        await until("the store gateway has the blocks", () => is(1, "count(last_over_time(stopped[10m]))"), 1000);
        deepEqual(await found("last_over_time(shops[10m])", as("prod")), []);
        equal((await found("last_over_time(shops[10m])", as("shop"))).length, 1);
    });

    it("keeps in memcached what was read from the bucket, and answers the same when every memcached dies", async () => {
        for (const use of ["index", "chunks"] as const) {
            ok((await thanos.cacheStat(use, "curr_items")) > 0, use);
        }
        // Results of hours that are over, of newer ones nothing is kept; of one day, at whose ends a query is cut in two.
        const end = Math.floor(Date.now() / 86_400_000) * 86_400 - 3600;
        const past = async (tenant: string) => {
            const range = `query=vector(1)&start=${end - 7200}&end=${end}&step=60`;
            const answer = await asked(`/api/v1/query_range?${range}`, as(tenant));
            equal(answer.status, 200);
            return answer.data;
        };
        const results = () => thanos.cacheStat("results", "curr_items");
        const hits = () => thanos.cacheStat("results", "get_hits");
        const [before, hadHits] = [await results(), await hits()];
        const answer = await past("prod");
        await sleep(500);
        equal(await results(), before + 1);
        deepEqual(await past("prod"), answer);
        equal(await hits(), hadHits + 1);
        // Another tenant's is another's.
        await past("shop");
        await sleep(500);
        deepEqual([await results(), await hits()], [before + 2, hadHits + 1]);

        await thanos.killCaches();
        deepEqual(await past("prod"), answer);
        equal((await found("last_over_time(shops[10m])", as("shop"))).length, 1);
    });

    it("opens the bucket as its pods' account, where no key is in their environment", async () => {
        const agent = await IdentityAgent.start(thanos.keys);
        try {
            const { irsa, podIdentity } = agent.environments();
            const wrong = { ...podIdentity, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/dev/null" };
            equal(await thanos.opens(wrong), false, "whoever has no account reads nothing");
            equal(await thanos.opens(podIdentity), true);
            equal(await thanos.opens(irsa, agent.url), true);
            ok(agent.known >= 2);
        } finally {
            agent.stop();
        }
    });

    it("merges the copies that ingestors brought there into one, and answers the same", async () => {
        const before = thanos.blocks().length;
        ok(before >= 6, `${before} blocks`);
        await thanos.of("thanos-compact-0").stop("SIGTERM");
        // It would leave blocks of the last half hour alone.
        await thanos.run("thanos-compact-0", ["--consistency-delay=0s"]);
        const left = () => thanos.blocks().length;
        await until("there is a third", () => left() * 3 <= before || `${left()} of ${before} blocks`, 1000);
        await thanos.of("thanos-store-gateway-0").stop("SIGTERM");
        await thanos.run("thanos-store-gateway-0");
        await until("the store gateway has the block", () => is(1, "count(last_over_time(stopped[15m]))"), 1000);
    });
});
