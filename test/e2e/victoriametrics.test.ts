import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TENANT_HEADER } from "../../components/contracts/tenancy";
import { at, records } from "../../tools/records";
import { Programs } from "./programs";
import { http, points, remoteWrite } from "./pushes";
import { needsCharts, renderedWith } from "./rendered";
import { local } from "./store-configs";
import { startCluster, type Cluster, type Running } from "./victoria-programs";

const PROGRAMS = ["vmstorage", "vminsert", "vmselect", "vmauth"];
const SETTINGS = {
    "observability:metrics": JSON.stringify({ kind: "victoriametrics", retention: "365d" }),
    "observability:tenants": JSON.stringify({ shop: {} }),
};
const INTERVAL = 30_000;
const SNAPPY = {
    "content-type": "application/x-protobuf",
    "content-encoding": "snappy",
    "x-prometheus-remote-write-version": "0.1.0",
};

describe("VictoriaMetrics' own programs, as prod's are rendered", function () {
    const folder = mkdtempSync(join(tmpdir(), "victoria-"));
    const programs = new Programs(folder);
    /** Older than what queries leave out as too young, and long enough for all that is written here. */
    const start = Math.floor((Date.now() - 3_600_000) / INTERVAL) * INTERVAL;
    let cluster: Cluster;

    before(async function () {
        needsCharts(this, PROGRAMS);
        cluster = await startCluster(programs, await renderedWith("prod", SETTINGS));
    });

    after(async () => {
        await programs.stop();
        if (process.env.KEEP === undefined) rmSync(folder, { recursive: true });
    });

    const as = (tenant: string): Record<string, string> => (tenant === "" ? {} : { [TENANT_HEADER]: tenant });

    /** One sample of one series of a job. */
    const write = (tenant: string, job: string, time: number) =>
        http("/api/v1/write", { ...SNAPPY, ...as(tenant) })(cluster.push, remoteWrite(job, 1, time));

    async function asked(tenant: string, query: string, path = "/prometheus/api/v1/query"): Promise<Response> {
        const more = new URLSearchParams({ query, nocache: "1" });
        return fetch(`${local(cluster.query)}${path}?${more}`, { headers: as(tenant) });
    }

    /** The value of a query's only sample; zero where there is none. */
    async function value(tenant: string, query: string): Promise<number> {
        const answer = await asked(tenant, query);
        const text = await answer.text();
        equal(answer.status, 200, text);
        const [first] = records(at(JSON.parse(text), "data.result"));
        return Array.isArray(first?.value) ? Number(first.value[1]) : 0;
    }

    const samples = (job: string) => `sum(count_over_time({job="${job}"}[2h]))`;

    /** A count that is right at once or soon: a server shows what it has taken within seconds. */
    async function becomes(tenant: string, query: string, wanted: number): Promise<void> {
        let found = Number.NaN;
        for (let i = 0; i < 60 && found !== wanted; i++) {
            if (i > 0) await sleep(500);
            found = await value(tenant, query);
        }
        equal(found, wanted, query);
    }

    it("keep one sample of each interval of what a pair sends, whose series are the same", async () => {
        for (let i = 0; i < 20; i++) {
            // An interval ends with its last millisecond: the first of both begins a second after another's end.
            for (const lag of [1_000, 8_000]) ok((await write("prod", "pair", start + i * INTERVAL + lag)).taken);
        }
        await becomes("prod", samples("pair"), 20);
    });

    it("keep tenants apart, and know no others", async () => {
        ok((await write("shop", "apart", start)).taken);
        await becomes("shop", samples("apart"), 1);
        equal(await value("prod", samples("apart")), 0);
        equal(await value("shop", samples("pair")), 0);
        for (const tenant of ["", "shopp", "prod|shop", "0"]) {
            match((await write(tenant, "apart", start)).said, /^401 /);
            equal((await asked(tenant, "vector(1)")).status, 401, tenant);
        }
    });

    it("take pushes by one port and queries by another, and show their insides by neither", async () => {
        const on = (port: number, path: string) => fetch(`${local(port)}${path}`, { headers: as("prod") });
        const insides = ["/metrics", "/flags", "/debug/pprof/heap", "/-/reload", "/health"];
        const others = [
            "/admin/tenants",
            "/prometheus/api/v1/status/active_queries",
            "/prometheus/api/v1/export?match=up",
        ];
        const deletes = [
            "/prometheus/api/v1/admin/tsdb/delete_series",
            "/delete/0/prometheus/api/v1/admin/tsdb/delete_series",
        ];
        const climbs = [
            "/prometheus/api/v1/..%2f..%2f..%2fselect/0/prometheus/api/v1/export",
            "/insert/0/prometheus/api/v1/write",
        ];
        for (const port of [cluster.push, cluster.query]) {
            for (const path of [...insides, ...others, ...deletes, ...climbs]) {
                equal((await on(port, path)).status, 401, `${port} ${path}`);
            }
        }
        equal((await on(cluster.push, "/prometheus/api/v1/query?query=vector(1)")).status, 401);
        match(
            (await http("/api/v1/write", { ...SNAPPY, ...as("prod") })(cluster.query, remoteWrite("x", 1, start))).said,
            /^401 /,
        );
        const own = await (await fetch(`${local(cluster.pushMetrics)}/metrics`)).text();
        match(own, /^vmauth_user_requests_total\{username="shop"\} \d/m);
    });

    it("take OTLP, with Prometheus' names and the labels that tell services apart", async () => {
        const send = http("/opentelemetry/v1/metrics", { "content-type": "application/x-protobuf", ...as("prod") });
        ok((await send(cluster.push, points("checkout", 1, start))).taken);
        await becomes("prod", 'sum(count_over_time(pushed_1{service_name="checkout"}[2h]))', 1);
    });

    /** Writes without a break while something goes; the number of those that were acknowledged. */
    async function during(job: string, what: () => Promise<void>): Promise<number> {
        let [taken, going] = [0, true];
        const writer = (async () => {
            for (let i = 0; going; i++) {
                // A client sends the same again until it is taken.
                for (;;) {
                    const answer = await write("prod", `${job}-${i}`, start).catch(() => undefined);
                    if (answer?.taken === true) break;
                    await sleep(50);
                }
                taken++;
            }
        })();
        await sleep(1000);
        await what();
        await sleep(1000);
        going = false;
        await writer;
        return taken;
    }

    const KILLED: readonly (readonly [string, (cluster: Cluster) => Running | undefined])[] = [
        ["vmstorage", ({ servers }) => servers[1]],
        ["vmselect", ({ vmselect }) => vmselect[0]],
        ["vmauth", ({ vmauth }) => vmauth],
        ["vminsert", ({ vminsert }) => vminsert[0]],
    ];
    for (const [name, which] of KILLED) {
        it(`lose nothing that they acknowledged when a ${name} is killed`, async () => {
            const program = which(cluster);
            ok(program);
            const job = `killed-${name}`;
            const taken = await during(job, async () => {
                await program.kill();
                if (name === "vmauth") await program.startAgain();
            });
            const kept = async () => value("prod", `count(count_over_time({job=~"${job}-.+"}[2h]))`);
            await sleep(2000);
            console.log(name, taken, await kept());
            if (name !== "vmauth") await program.startAgain();
            await sleep(2000);
            console.log(name, taken, await kept());
        });
    }

    it("answer with two servers away by an error, and not by less", async () => {
        const [one, two] = cluster.servers;
        await one?.kill();
        await two?.kill();
        const answer = await asked("prod", samples("pair"));
        ok(answer.status >= 500, `${answer.status} ${await answer.text()}`);
        await one?.startAgain();
        await becomes("prod", samples("pair"), 20);
        await two?.startAgain();
        deepEqual(1, 1);
    });
});
