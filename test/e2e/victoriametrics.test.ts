import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TENANT_HEADER } from "../../components/contracts/tenancy";
import { at, record, records, strings } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { http, points, remoteWrite } from "./pushes";
import { needsCharts, renderedWith } from "./rendered";
import { RulersHere } from "./ruler-programs";
import { local } from "./store-configs";
import { startMinio } from "./store-programs";
import { goThrough, needsFailures, SHOP_RULES, writeOrders } from "./store-rules";
import { container, flags, startCluster, type Cluster, type Running } from "./victoria-programs";

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
    let model: ClusterModel;
    let cluster: Cluster;

    before(async function () {
        needsCharts(this, PROGRAMS);
        model = await renderedWith("prod", SETTINGS);
        cluster = await startCluster(programs, model);
    });

    after(async () => {
        await programs.stop();
        rmSync(folder, { recursive: true });
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

    it("have rules evaluated by the pair of rulers, whose results they keep once", async function () {
        needsFailures(this);
        const write = `${local(cluster.push)}/api/v1/write`;
        await writeOrders(write, as("prod"));
        const here = (url: string) => {
            const { port, pathname } = new URL(url);
            return port === "8481" ? `${local(cluster.vmselect[0]?.port ?? 0)}${pathname}` : write;
        };
        const rulers = await RulersHere.start(programs, model, here, SHOP_RULES);
        try {
            await goThrough(rulers, async (expr) => {
                const answer = await asked("prod", expr);
                return records(at(await answer.json(), "data.result"));
            });
        } finally {
            await rulers.stop();
        }
    });

    it("keep tenants apart, and know no others", async () => {
        ok((await write("shop", "apart", start)).taken);
        await becomes("shop", samples("apart"), 1);
        equal(await value("prod", samples("apart")), 0);
        equal(await value("shop", samples("pair")), 0);
        // An answer to an unknown name comes late, on purpose: all are asked at once.
        const unknown = ["", "shopp", "prod|shop", "0"];
        const said = await Promise.all(unknown.map((tenant) => write(tenant, "apart", start)));
        for (const answer of said) match(answer.said, /^401 /);
        const answers = await Promise.all(unknown.map((tenant) => asked(tenant, "vector(1)")));
        deepEqual(
            answers.map(({ status }) => status),
            unknown.map(() => 401),
        );
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

    /** Writes without a break while something goes; how many were acknowledged long before it, and in all. */
    async function during(
        job: string,
        what: () => Promise<void>,
        margin = 0,
    ): Promise<{ early: number; taken: number }> {
        let [taken, going] = [0, true];
        const writer = (async () => {
            while (going) {
                const answer = await write("prod", `${job}-${taken}`, start).catch(() => undefined);
                // A client sends the same again until it is taken.
                if (answer?.taken === true) taken++;
                else await sleep(50);
            }
        })();
        await sleep(1000);
        const early = taken;
        await sleep(margin);
        await what();
        await sleep(1000);
        going = false;
        await writer;
        return { early, taken };
    }

    /** The numbers of a job's samples that are there. */
    async function kept(job: string): Promise<Set<number>> {
        const answer = await asked("prod", `count by (job) (count_over_time({job=~"${job}-.+"}[2h]))`);
        const text = await answer.text();
        equal(answer.status, 200, text);
        const jobs = records(at(JSON.parse(text), "data.result")).map(({ metric }) => String(record(metric).job));
        return new Set(jobs.map((each) => Number(each.slice(job.length + 1))));
    }

    const KILLED: readonly (readonly [string, (cluster: Cluster) => Running | undefined])[] = [
        ["vmstorage", ({ servers }) => servers[1]],
        ["vmselect", ({ vmselect }) => vmselect[0]],
        ["vmauth", ({ vmauth }) => vmauth],
    ];
    for (const [name, which] of KILLED) {
        it(`lose nothing that they acknowledged when a ${name} is killed`, async () => {
            const program = which(cluster);
            ok(program);
            const job = `killed-${name}`;
            // There are two of each here but of vmauth, whose Service leads to the other.
            const { taken } = await during(job, async () => {
                await program.kill();
                if (name === "vmauth") await program.startAgain();
            });
            ok(taken > 100, `only ${taken} were written`);
            await becomes("prod", `count(count_over_time({job=~"${job}-.+"}[2h]))`, taken);
            if (name !== "vmauth") await program.startAgain();
            await becomes("prod", `count(count_over_time({job=~"${job}-.+"}[2h]))`, taken);
        });
    }

    it("lose of what a killed vminsert had acknowledged the last moment alone, which it keeps to send at once", async () => {
        const [program] = cluster.vminsert;
        ok(program);
        const { early, taken } = await during("killed-vminsert", program.kill, 5000);
        await program.startAgain();
        await becomes("prod", 'clamp_max(count(count_over_time({job=~"killed-vminsert-.+"}[2h])), 1)', 1);
        await sleep(3000);
        const there = await kept("killed-vminsert");
        const lost = Array.from({ length: taken }, (_, i) => i).filter((i) => !there.has(i));
        console.log(`      ${lost.length} of ${taken} were lost`);
        deepEqual(
            lost.filter((i) => i < early),
            [],
        );
    });

    it("answer with two servers away by an error, and not by less", async () => {
        const [one, two] = cluster.servers;
        await one?.kill();
        await two?.kill();
        const answer = await asked("prod", samples("pair"));
        ok(answer.status >= 500, `${answer.status} ${await answer.text()}`);
        await one?.startAgain();
        await becomes("prod", samples("pair"), 20);
        await two?.startAgain();
    });

    it("have all that a server held again from its backup, whatever became of its volume", async function () {
        const absent = missing(["minio", "vmbackup", "vmrestore"]);
        if (absent.length > 0) {
            console.log(`      skipped: ${absent.join(", ")} not on PATH`);
            this.skip();
        }
        const [port = 0, own = 0] = await freePorts(2);
        const s3 = await startMinio(programs, { http: port }, ["victoriametrics-backup"]);
        const keys = { AWS_ACCESS_KEY_ID: s3.access_key_id, AWS_SECRET_ACCESS_KEY: s3.secret_access_key };
        const env = { ...process.env, ...keys, AWS_REGION: s3.region };
        const [server, other] = cluster.servers;
        ok(server && other);
        const beside = container(model, "StatefulSet", "vmstorage", "vmbackup");
        const bucket = strings(beside.args)
            .find((argument) => argument.startsWith("--dst="))
            ?.replace(/.*=/, "");
        const from = (bucket ?? "").replace("$(POD_NAME)", "vmstorage-0");
        const args = flags(beside, {
            customS3Endpoint: [s3.endpoint],
            dst: [from],
            storageDataPath: [server.folder],
            "snapshot.createURL": [`${local(server.http)}/snapshot/create`],
            httpListenAddr: [`127.0.0.1:${own}`],
        });
        execFileSync("vmbackup", args, { env, stdio: "pipe" });
        await server.kill();
        rmSync(server.folder, { recursive: true });
        const back = ["-s3ForcePathStyle=true", `-customS3Endpoint=${s3.endpoint}`, `-src=${from}`];
        execFileSync("vmrestore", [...back, `-storageDataPath=${server.folder}`], { env, stdio: "pipe" });
        await server.startAgain();
        // What was on these two is answered by the one that was restored.
        await other.kill();
        await becomes("prod", samples("pair"), 20);
        await becomes("shop", samples("apart"), 1);
        await other.startAgain();
    });
});
