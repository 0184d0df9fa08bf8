import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { doorsOf } from "../../tools/load/door";
import { steps, type Step } from "../../tools/load/steps";
import { at, record, records } from "../../tools/records";
import { missing } from "./control-plane";
import { freePorts } from "./ports";
import { Programs } from "./programs";
import { quickRules } from "./quick-rules";
import { startCortexRing, startLokiRing, type Ring } from "./rings";
import { local } from "./store-configs";
import { startMinio, TENANT, TENANT_HEADER } from "./store-programs";
import { until } from "./until";

/*
 * The stores' own programs under load, in rings of three with three copies, and the platform's rules in a real Prometheus, in
 * shortened time: everything well and silent, then one cause after another, and the alert that tells of it. Meanwhile not
 * one sample or line that was taken may be lost.
 */

const RATES = { series: 400, interval: 4, lines: 100 };
const RUN = "a1";
const [METRICS, LOGS] = ["metrics", "logs"] as const;
/** What is caused here, one after another; others tell of what does not run here, or is not pushed to. */
const CAUSED = {
    deadMember: ["RingMemberUnhealthy cortex", "RingMemberUnhealthy loki"],
    oneCopyLess: ["ReplicationBelowFactor cortex", "ReplicationBelowFactor loki"],
    noQuorum: ["WritesFailing cortex", "ReadsFailing cortex"],
    lostDrive: ["ObjectStoreDriveOffline minio"],
    noObjectStore: ["ObjectStoreFailing loki", "FlushFailing loki", "CompactionStuck loki"],
    noMetricsStore: ["MetricsIngestionStopped cortex", "RemoteWriteBehind monitoring"],
} as const;

describe("alerts by their causes, on the stores' own programs", function () {
    // Each cause stands on those before it.
    this.bail(true);
    const folder = mkdtempSync(join(tmpdir(), "causes-"));
    const programs = new Programs(folder);
    let cortex: Ring;
    let loki: Ring;
    let [prometheus, minio, blackbox] = ["", "", 0];
    let certified: Server | undefined;
    let pushing: AbortController | undefined;
    const taken = { metrics: 0, logs: 0 };
    /** What was refused may be there all the same, on one member of three. */
    const refused = { metrics: 0, logs: 0 };

    before(async function () {
        const absent = missing(["cortex", "loki", "minio", "prometheus"]);
        // Minutes of waiting, as what failures cost on real nodes.
        const none = process.env.FAILURES === undefined ? "FAILURES is not set" : `${absent.join(", ")} not on PATH`;
        if (process.env.FAILURES === undefined || absent.length > 0) {
            console.log(`    not run: ${none}`);
            this.skip();
        }
        const [minioPort = 0, prometheusPort = 0, blackboxPort = 0] = await freePorts(3);
        const s3 = { ...(await startMinio(programs, { http: minioPort }, ["loki"])), bucketnames: "loki" };
        minio = local(minioPort);
        [cortex, loki] = await Promise.all([startCortexRing(programs), startLokiRing(programs, s3)]);
        const probes = missing(["blackbox_exporter", "openssl"]).length === 0 ? await startProbes(blackboxPort) : [];
        blackbox = probes.length;
        prometheus = await startPrometheus(prometheusPort, probes);
    });

    after(async () => {
        pushing?.abort();
        certified?.close();
        await programs.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    /** Pushes for some seconds to the first members; counts what they took. */
    async function push(seconds: number, run = RUN): Promise<Step> {
        const to = [`metrics=${cortex.members[0] ?? ""}/api/v1/push`, `logs=${loki.members[0] ?? ""}/loki/api/v1/push`];
        const doors = doorsOf({ to, tenant: TENANT }, [METRICS, LOGS]);
        const [step] = await steps({ rates: RATES, doors, run, seconds, slow: 30_000, knee: false });
        assert.ok(step);
        for (const { signal, taken: records, refused: by } of step.measured) {
            if (signal === "traces" || run !== RUN) continue;
            taken[signal] += records;
            refused[signal] += Object.values(by).reduce((sum, each) => sum + each, 0);
        }
        return step;
    }

    /** Goes on pushing and asking, whatever the answers, until it is told to stop. */
    function goOn(): void {
        const stop = new AbortController();
        pushing = stop;
        void (async () => {
            while (!stop.signal.aborted) {
                await push(4, "b2");
                await fetch(`${cortex.members[0] ?? ""}/prometheus/api/v1/query?query=up`, { headers: TENANT_HEADER })
                    .then((answer) => answer.text())
                    .catch(() => "");
            }
        })();
    }

    it("are silent while all is well, and all that was taken is there", async () => {
        const { gave } = await push(12);
        assert.deepEqual(gave, []);
        await whole();
        const caused: readonly string[] = Object.values(CAUSED).flat();
        assert.deepEqual(
            (await firing()).filter((alert) => caused.includes(alert)),
            [],
        );
    });

    it("of a member of each ring that is killed under load: nothing is refused, and nothing lost", async () => {
        const under = push(12);
        await sleep(4000);
        await Promise.all([cortex.kill(2), loki.kill(2)]);
        assert.deepEqual((await under).gave, []);
        await whole();
        await fires(...CAUSED.deadMember, ...CAUSED.oneCopyLess);
    });

    it("of it back, and another one killed: all that the dead one never saw is there", async () => {
        await Promise.all([cortex.startAgain(2), loki.startAgain(2)]);
        // Loki's distributors give up the connection that they had, and with it a push, which a client sends again.
        await push(6);
        await Promise.all([cortex.kill(1), loki.kill(1)]);
        await whole();
    });

    it("of a second member killed: writes and reads are refused", async () => {
        await cortex.kill(2);
        goOn();
        await fires(...CAUSED.noQuorum);
    });

    it("of a drive that is lost", async () => {
        renameSync(join(folder, "drive4"), join(folder, "lost"));
        writeFileSync(join(folder, "drive4"), "no folder");
        await fires(...CAUSED.lostDrive);
    });

    it("of an object store that is gone", async () => {
        await programs.kill("minio");
        await fires(...CAUSED.noObjectStore);
    });

    it("of a metrics store that is gone", async () => {
        await cortex.kill(0);
        await fires(...CAUSED.noMetricsStore);
    });

    it("of a name that DNS does not know, and of a certificate that ends tomorrow", async function () {
        if (blackbox === 0) {
            console.log("      not run: blackbox_exporter and openssl are not both on PATH");
            this.skip();
        }
        await fires("ProbeFailing", "CertificateExpiring");
    });

    /** Waits until all that was taken can be read: of every series its sum of samples, of lines their number. */
    async function whole(): Promise<void> {
        const found = async () => {
            // A function of each series would leave many with the same labels, since it drops their names.
            const samples = { query: '{run="a1"}[1h]', time: String(Date.now() / 1000) };
            const lines = { query: 'sum(count_over_time({run="a1"}[1h]))' };
            const series = await ask(`${cortex.members[0] ?? ""}/prometheus/api/v1/query`, samples);
            const [all] = await ask(`${loki.members[0] ?? ""}/loki/api/v1/query`, lines);
            return {
                metrics: series.reduce((sum, { values }) => sum + (values as unknown[]).length, 0),
                logs: Array.isArray(all?.value) ? Number(all.value[1]) : 0,
            };
        };
        let last = await found();
        await until(
            "all that was taken is there",
            async () => {
                last = await found();
                return (last.metrics >= taken.metrics && last.logs >= taken.logs) || JSON.stringify({ last, taken });
            },
            1000,
        );
        for (const signal of [METRICS, LOGS]) {
            const least = taken[signal];
            const found = last[signal];
            assert.ok(found >= least && found <= least + refused[signal], `${found} of ${least} ${signal} are there`);
        }
    }

    /** Names and namespaces of the platform's alerts that fire. */
    async function firing(): Promise<string[]> {
        const answer = await fetch(`${prometheus}/api/v1/alerts`);
        return records(at(record(await answer.json()), "data.alerts"))
            .filter(({ state }) => state === "firing")
            .map(({ labels }) => {
                const { alertname = "", namespace = "" } = labels as Readonly<Record<string, string>>;
                return `${alertname} ${namespace}`.trim();
            });
    }

    async function fires(...names: readonly string[]): Promise<void> {
        await until(
            "these fire",
            async () => {
                const all = await firing();
                return names.filter((name) => !all.some((each) => each.startsWith(name))).join(", ");
            },
            1000,
        );
    }

    /** Probes of a name that nobody has, and of a server whose certificate ends in a day. */
    async function startProbes(port: number): Promise<{ port: number; target: string; module: string }[]> {
        const [key, certificate] = [join(folder, "key.pem"), join(folder, "cert.pem")];
        const make = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        const subject = ["-subj", "/CN=localhost", "-days", "1", "-keyout", key, "-out", certificate];
        execFileSync("openssl", [...make, ...subject], { stdio: "ignore" });
        const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (_, answer) =>
            answer.end(),
        );
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        certified = server;
        const tls = { insecure_skip_verify: true };
        const modules = { http_2xx: { prober: "http", timeout: "2s", http: { tls_config: tls } } };
        const file = programs.file("blackbox.yaml", { modules });
        const args = [`--config.file=${file}`, `--web.listen-address=127.0.0.1:${port}`];
        await programs.start("blackbox_exporter", args, `${local(port)}/-/healthy`);
        const own = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
        return [own, "http://nobody.invalid/"].map((target) => ({ port, target, module: "http_2xx" }));
    }

    async function startPrometheus(
        port: number,
        probes: readonly { port: number; target: string; module: string }[],
    ): Promise<string> {
        const job = (address: string, namespace: string, pod: string, metrics_path = "/metrics") => ({
            job_name: `${address}${metrics_path}`,
            metrics_path,
            static_configs: [{ targets: [address.replace("http://", "")], labels: { cluster: "e2e", namespace, pod } }],
        });
        const config = {
            global: { scrape_interval: "2s", evaluation_interval: "2s" },
            rule_files: [programs.file("rules.yaml", quickRules())],
            remote_write: [
                {
                    url: `${cortex.members[0] ?? ""}/api/v1/push`,
                    headers: TENANT_HEADER,
                    // Enough to be behind with.
                    write_relabel_configs: [{ source_labels: ["__name__"], regex: "up", action: "keep" }],
                },
            ],
            scrape_configs: [
                ...cortex.members.map((address, i) => job(address, "cortex", `cortex-${i}`)),
                ...loki.members.map((address, i) => job(address, "loki", `loki-${i}`)),
                job(minio, "minio", "minio-0", "/minio/v2/metrics/cluster"),
                job(local(port), "monitoring", "prometheus-0"),
                ...probes.map(({ port: own, target, module }, i) => ({
                    ...job(local(own), "monitoring", "blackbox", "/probe"),
                    job_name: `blackbox-${i}`,
                    params: { target: [target], module: [module] },
                    relabel_configs: [
                        { target_label: "job", replacement: "blackbox" },
                        { target_label: "probe", replacement: `probe-${i}` },
                    ],
                })),
            ],
        };
        const args = [
            `--config.file=${programs.file("prometheus.yaml", config)}`,
            `--storage.tsdb.path=${programs.data("prometheus")}`,
            `--web.listen-address=127.0.0.1:${port}`,
        ];
        await programs.start("prometheus", args, `${local(port)}/-/ready`);
        return local(port);
    }
});

async function ask(url: string, query: Record<string, string>): Promise<Record<string, unknown>[]> {
    try {
        const answer = await fetch(`${url}?${new URLSearchParams(query)}`, { headers: TENANT_HEADER });
        return records(at(record(await answer.json()), "data.result"));
    } catch {
        return [];
    }
}
