import { ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { connect } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { parse } from "yaml";
import { sidecars } from "../../components/monitoring/kube-prometheus-stack/names";
import { at, record, records, strings } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { CACHES, cacheAddress, PORTS, type CacheUse } from "../../components/metrics/thanos/names";
import { freePorts } from "./ports";
import type { Keys } from "./backup/s3-server";
import { startGateway } from "./nginx";
import type { Programs } from "./programs";
import { startMinio } from "./store-programs";
import { local } from "./store-configs";

const NAMESPACE = "thanos";

/** One process of Thanos. */
interface Process {
    /** As the pods of its workload are called. */
    readonly workload: string;
    readonly pod: string;
    readonly http: number;
    readonly grpc: number;
    readonly remoteWrite: number;
    /** Of another protocol between routers and ingestors, which nothing here speaks and every Receive listens for. */
    readonly capnproto: number;
    stop: (signal: "SIGKILL" | "SIGTERM") => Promise<void>;
}

/** Thanos as a rendering has it, on this machine: nothing but addresses and folders is another. */
export class ThanosHere {
    private readonly processes = new Map<string, Process>();
    private readonly caches = new Map<CacheUse, { readonly port: number; readonly stop: () => Promise<void> }>();
    private gateway: (port: number) => number = () => 0;

    private constructor(
        private readonly programs: Programs,
        readonly model: ClusterModel,
        private readonly env: Record<string, string>,
        /** `objstore.yaml`, of which the address alone is another. */
        private readonly config: string,
        private readonly objectStore: string,
        readonly bucket: string,
        /** Ports of sidecars of Prometheus, which a rendering may have queriers ask. */
        private readonly sidecars: readonly number[],
    ) {}

    /** With MinIO, every process of the chart's, of which one is enough where one is as good as two, and the gateway. */
    static async start(
        programs: Programs,
        model: ClusterModel,
        pods: Readonly<Record<string, number>>,
        sidecars: readonly number[] = [],
    ) {
        const [minio = 0] = await freePorts(1);
        const config = at(record(model.find("Secret", NAMESPACE, "thanos-object-store")), "stringData");
        const objstore = String(record(config)["objstore.yaml"]);
        const bucket = /bucket: (\S+)/.exec(objstore)?.[1] ?? "";
        const keys = await startMinio(programs, { http: minio }, [bucket]);
        const env = { AWS_ACCESS_KEY_ID: keys.access_key_id, AWS_SECRET_ACCESS_KEY: keys.secret_access_key };
        const here = objstore.replace(/endpoint: \S+/, `endpoint: 127.0.0.1:${minio}`);
        const thanos = new ThanosHere(
            programs,
            model,
            env,
            here,
            programs.file("objstore.yaml", here),
            bucket,
            sidecars,
        );
        const all = Object.entries(pods).flatMap(([workload, count]) =>
            Array.from({ length: count }, (_, i) => ({ workload, pod: `${workload}-${i}` })),
        );
        const free = await freePorts(all.length * 4);
        for (const [i, each] of all.entries()) {
            const [http = 0, grpc = 0, remoteWrite = 0, capnproto = 0] = free.slice(i * 4, i * 4 + 4);
            const stop = () => Promise.resolve();
            thanos.processes.set(each.pod, { ...each, http, grpc, remoteWrite, capnproto, stop });
        }
        for (const use of Object.keys(CACHES) as CacheUse[]) await thanos.runCache(use);
        for (const { pod } of all) await thanos.run(pod);
        thanos.gateway = await startGateway(
            programs,
            model,
            { namespace: NAMESPACE, name: "thanos-gateway", alive: { port: PORTS.query, path: "/healthz" } },
            (port) =>
                port === PORTS.remoteWrite
                    ? thanos.of("thanos-receive-router-0").remoteWrite
                    : thanos.of("thanos-query-frontend-0").http,
        );
        return thanos;
    }

    of(pod: string): Process {
        const found = this.processes.get(pod);
        ok(found, pod);
        return found;
    }

    get all(): readonly Process[] {
        return [...this.processes.values()];
    }

    get push(): string {
        return local(this.gateway(PORTS.push));
    }

    get query(): string {
        return local(this.gateway(PORTS.query));
    }

    /** Starts a memcached as its pods do, one for both. */
    private async runCache(use: CacheUse): Promise<void> {
        const pods = this.model.pods.find(({ name, namespace }) => namespace === NAMESPACE && name === CACHES[use]);
        // On a laptop each process caches for itself.
        if (pods === undefined) return;
        const [container] = records(pods.spec.containers);
        const [port = 0] = await freePorts(1);
        const args = strings(at(container, "args"));
        const here = [...args, "--listen=127.0.0.1", `--port=${port}`, `--user=${userInfo().username}`];
        const stop = await this.programs.startAs(CACHES[use], "memcached", here, `tcp://127.0.0.1:${port}`);
        this.caches.set(use, { port, stop: () => stop() });
    }

    private cachePort(use: CacheUse): number {
        return this.caches.get(use)?.port ?? 0;
    }

    /** Empties a cache: what a store gateway has listed of the bucket would be kept there for five minutes. */
    async emptied(use: CacheUse): Promise<void> {
        const socket = connect({ host: "127.0.0.1", port: this.cachePort(use) });
        socket.end("flush_all\r\nquit\r\n");
        await text(socket);
    }

    /** What a cache tells of itself, such as `curr_items`. */
    async cacheStat(use: CacheUse, name: string): Promise<number> {
        const socket = connect({ host: "127.0.0.1", port: this.cachePort(use) });
        socket.end("stats\r\nquit\r\n");
        const answer = await text(socket);
        return Number(new RegExp(`STAT ${name} (\\d+)`).exec(answer)?.[1] ?? NaN);
    }

    /** Ends every cache without a warning. */
    async killCaches(): Promise<void> {
        for (const { stop } of this.caches.values()) await stop();
    }

    /** Ids of the blocks in the bucket that are not marked for deletion. */
    blocks(): string[] {
        const bucket = this.programs.data(join("drive1", this.bucket));
        return readdirSync(bucket).filter(
            (block) =>
                existsSync(join(bucket, block, "meta.json")) && !existsSync(join(bucket, block, "deletion-mark.json")),
        );
    }

    /** Starts a sidecar of a Prometheus, which brings its blocks into the bucket. */
    async runSidecar(name: string, grpc: number, prometheus: { readonly url: string; readonly data: string }) {
        const [http = 0] = await freePorts(1);
        const args = [
            "sidecar",
            `--prometheus.url=${prometheus.url}`,
            `--tsdb.path=${prometheus.data}`,
            `--objstore.config-file=${this.objectStore}`,
            `--grpc-address=127.0.0.1:${grpc}`,
            `--http-address=127.0.0.1:${http}`,
        ];
        return this.programs.startAs(name, "thanos", args, `${local(http)}/-/ready`, this.env);
    }

    /** The key pair that the object store knows. */
    get keys(): Keys {
        return { id: this.env.AWS_ACCESS_KEY_ID ?? "", secret: this.env.AWS_SECRET_ACCESS_KEY ?? "" };
    }

    /**
     * Whether a pod of this environment opens the bucket.
     * @param tokenService where it is not AWS' own.
     */
    async opens(env: Readonly<Record<string, string>>, tokenService?: string): Promise<boolean> {
        const { type, config } = record(parse(this.config));
        const told = { ...record(config), ...(tokenService !== undefined && { sts_endpoint: tokenService }) };
        const file = this.programs.file("objstore-by-account.yaml", { type, config: told });
        const flags = ["tools", "bucket", "ls", `--objstore.config-file=${file}`, "--timeout=20s"];
        // Nowhere else is looked for keys than where a pod finds them.
        const own = { PATH: process.env.PATH, HOME: this.programs.data("nobody"), ...env };
        return promisify(execFile)("thanos", flags, { env: own }).then(
            () => true,
            () => false,
        );
    }

    /**
     * Starts a process, or starts it again, and waits until it is ready.
     * @param more arguments beside those of the rendering.
     */
    async run(pod: string, more: readonly string[] = []): Promise<void> {
        const own = this.of(pod);
        const pods = this.model.pods.find(({ name, namespace }) => namespace === NAMESPACE && name === own.workload);
        const [container] = records(pods?.spec.containers);
        const args = (at(container, "args") as string[] | undefined) ?? [];
        ok(args.length > 0, own.workload);
        const [command = "", ...flags] = args;
        own.stop = await this.programs.startAs(
            pod,
            "thanos",
            [
                command,
                ...flags.flatMap((flag) => this.here(flag, own)),
                ...more,
                ...(command === "receive" ? [`--receive.capnproto-address=127.0.0.1:${own.capnproto}`] : []),
            ],
            `${local(own.http)}/-/ready`,
            { ...this.env, NAME: pod },
        );
    }

    private here(given: string, own: Process): string[] {
        // Nobody answers DNS here.
        const flag = (Object.keys(CACHES) as CacheUse[]).reduce(
            (said, use) => said.replace(cacheAddress(use), `127.0.0.1:${this.cachePort(use)}`),
            given,
        );
        const [, name = "", value = ""] = /^(--[\w.-]+)=?([^]*)$/.exec(flag) ?? [];
        const ingestors = this.all.filter(({ workload }) => workload === "thanos-receive-ingestor");
        const told: Readonly<Record<string, () => readonly string[]>> = {
            "--http-address": () => [`127.0.0.1:${own.http}`],
            "--grpc-address": () => [`127.0.0.1:${own.grpc}`],
            "--remote-write.address": () => [`127.0.0.1:${own.remoteWrite}`],
            "--objstore.config-file": () => [this.objectStore],
            "--tsdb.path": () => [this.programs.data(own.pod)],
            "--data-dir": () => [this.programs.data(own.pod)],
            "--label": () => [value.replace("$(NAME)", own.pod)],
            "--receive.local-endpoint": () => [`127.0.0.1:${own.grpc}`],
            "--receive.hashrings-file": () => [
                this.programs.file(
                    "hashrings.json",
                    JSON.stringify([{ endpoints: ingestors.map(({ grpc }) => `127.0.0.1:${grpc}`) }]),
                ),
            ],
            // Each is named, and of the group one.
            "--endpoint": () =>
                (value === sidecars.address ? this.sidecars : ingestors.map(({ grpc }) => grpc)).map(
                    (port) => `127.0.0.1:${port}`,
                ),
            "--endpoint-group": () => [`127.0.0.1:${this.of("thanos-store-gateway-0").grpc}`],
            "--query-frontend.downstream-url": () => [local(this.of("thanos-query-0").http)],
        };
        return told[name]?.().map((each) => `${name}=${each}`) ?? [flag];
    }
}
