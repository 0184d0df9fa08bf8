import { ok } from "node:assert/strict";
import { parse } from "yaml";
import { mergeValues } from "../../components/kubernetes/merge-values";
import { PORTS } from "../../components/metrics/cortex/names";
import { at, record, records, strings } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { freePorts } from "./ports";
import { startGateway } from "./nginx";
import type { Programs } from "./programs";
import { local } from "./store-configs";
import { startMinio } from "./store-programs";

const NAMESPACE = "cortex";
const MEMCACHED = "cortex-memcached-";
/** As the chart sets it. */
const GRPC = "9095";

type Config = Record<string, unknown>;

/** One process of Cortex, or of its caches. */
interface Process {
    /** As the pods of its workload are called. */
    readonly workload: string;
    readonly pod: string;
    /** Of its workload, from zero; its zone, too. */
    readonly nth: number;
    readonly http: number;
    readonly grpc: number;
    readonly gossip: number;
    stop: (signal: "SIGKILL" | "SIGTERM") => Promise<void>;
}

/** Cortex as a rendering has it, on this machine: nothing but addresses and folders is another. */
export class CortexHere {
    private readonly processes = new Map<string, Process>();
    private gateway: (port: number) => number = () => 0;

    private constructor(
        private readonly programs: Programs,
        readonly model: ClusterModel,
        private readonly env: Record<string, string>,
        private readonly config: Config,
    ) {}

    /**
     * With MinIO, every process of the chart's, of which one is enough where one is as good as two, and the gateway.
     * @param more configuration over what is rendered.
     * @param later workloads that are started by `run` alone.
     */
    static async start(
        programs: Programs,
        model: ClusterModel,
        pods: Readonly<Record<string, number>>,
        more: Config = {},
        later: readonly string[] = [],
    ): Promise<CortexHere> {
        const [minio = 0] = await freePorts(1);
        const rendered = parse(cortexYaml(model)) as Config;
        const buckets = ["blocks_storage", "ruler_storage"].map((of) => String(at(rendered, `${of}.s3.bucket_name`)));
        const keys = await startMinio(programs, { http: minio }, buckets);
        const env = { AWS_ACCESS_KEY_ID: keys.access_key_id, AWS_SECRET_ACCESS_KEY: keys.secret_access_key };
        const s3 = { s3: { endpoint: `127.0.0.1:${minio}` } };
        const runtime = record(model.find("ConfigMap", NAMESPACE, "cortex-runtime-config")?.data);
        const here = {
            blocks_storage: s3,
            ruler_storage: s3,
            runtime_config: {
                file: programs.file(
                    "runtime.yaml",
                    typeof runtime["runtime_config.yaml"] === "string"
                        ? runtime["runtime_config.yaml"]
                        : "overrides: {}",
                ),
            },
        };
        const cortex = new CortexHere(programs, model, env, mergeValues(mergeValues(rendered, more), here));
        const all = Object.entries(pods).flatMap(([workload, count]) =>
            Array.from({ length: count }, (_, nth) => ({ workload, nth, pod: `${workload}-${nth}` })),
        );
        const free = await freePorts(all.length * 3);
        for (const [i, each] of all.entries()) {
            const [http = 0, grpc = 0, gossip = 0] = free.slice(i * 3, i * 3 + 3);
            cortex.processes.set(each.pod, { ...each, http, grpc, gossip, stop: () => Promise.resolve() });
        }
        const now = all.filter(({ workload }) => !later.includes(workload));
        for (const { pod } of now.filter(isCache)) await cortex.run(pod);
        // A ring's members wait for each other.
        await Promise.all(now.filter((each) => !isCache(each)).map(({ pod }) => cortex.run(pod)));
        cortex.gateway = await startGateway(
            programs,
            model,
            { namespace: NAMESPACE, name: "cortex-nginx", alive: { port: PORTS.http, path: "/healthz" } },
            // What does not run answers nothing, at a port where nobody listens.
            (_, host) => cortex.processes.get(`${host.split(".")[0] ?? ""}-0`)?.http ?? 1,
        );
        return cortex;
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
        return local(this.gateway(PORTS.http));
    }

    get query(): string {
        return local(this.gateway(PORTS.query));
    }

    /** Starts a process, or starts it again, and waits until it is ready. */
    async run(pod: string): Promise<void> {
        const own = this.of(pod);
        const found = this.model.pods.find(({ name, namespace }) => namespace === NAMESPACE && name === own.workload);
        const [container] = records(found?.spec.containers);
        const args = strings(container?.args);
        ok(args.length > 0, own.workload);
        if (isCache(own)) {
            // It does not serve as root.
            const here = ["-u", "nobody", "-l", "127.0.0.1", "-p", String(own.http)];
            own.stop = await this.programs.startAs(pod, "memcached", [...args, ...here], `tcp://127.0.0.1:${own.http}`);
            return;
        }
        const file = this.programs.file(`${pod}.yaml`, mergeValues(this.config, this.here(own)));
        const soft = records(container?.env).find(({ name }) => name === "GOMEMLIMIT");
        own.stop = await this.programs.startAs(
            pod,
            "cortex",
            args.map((arg) => this.argument(arg, own, file)),
            `${local(own.http)}/ready`,
            { ...this.env, ...(soft && { GOMEMLIMIT: String(soft.value) }) },
        );
    }

    private argument(arg: string, own: Process, file: string): string {
        if (arg.startsWith("-config.file=")) return `-config.file=${file}`;
        return (
            arg
                .replace("$(AVAILABILITY_ZONE)", `zone-${own.nth}`)
                // Of several of a kind each is named, as the DNS would name them.
                .replace(/=(?:dns\+)?([\w-]+)\.cortex\.svc\.cluster\.local:(\d+)$/, (_, host: string, port: string) => {
                    const workload = host.replace(/-headless$/, "");
                    const of = this.all.filter((each) => each.workload === workload);
                    ok(of.length > 0, host);
                    const named = of.map(({ http, grpc }) => `127.0.0.1:${port === GRPC ? grpc : http}`);
                    return `=${named.join(",")}`;
                })
        );
    }

    /** What of the configuration is this machine's. */
    private here({ pod, http, grpc, gossip }: Process): Config {
        const folder = (name: string) => this.programs.data(`${pod}-${name}`);
        const instance = { instance_id: pod, instance_addr: "127.0.0.1", instance_port: grpc };
        const tokens = `${folder("ring")}/tokens`;
        return {
            server: {
                http_listen_address: "127.0.0.1",
                http_listen_port: http,
                grpc_listen_address: "127.0.0.1",
                grpc_listen_port: grpc,
            },
            memberlist: {
                node_name: pod,
                bind_addr: ["127.0.0.1"],
                bind_port: gossip,
                advertise_addr: "127.0.0.1",
                advertise_port: gossip,
                join_members: this.all.filter((each) => !isCache(each)).map((each) => `127.0.0.1:${each.gossip}`),
            },
            ingester: { lifecycler: { id: pod, address: "127.0.0.1", port: grpc, tokens_file_path: tokens } },
            store_gateway: { sharding_ring: { ...instance, tokens_file_path: tokens } },
            compactor: { data_dir: folder("compactor"), sharding_ring: instance },
            ruler: { rule_path: folder("rules"), ring: instance },
            querier: { active_query_tracker_dir: folder("queries") },
            blocks_storage: { tsdb: { dir: folder("tsdb") }, bucket_store: { sync_dir: folder("sync") } },
        };
    }
}

function isCache({ workload }: Pick<Process, "workload">): boolean {
    return workload.startsWith(MEMCACHED);
}

function cortexYaml(model: ClusterModel): string {
    const { data } = record(model.find("Secret", NAMESPACE, "cortex"));
    return Buffer.from(String(record(data)["cortex.yaml"]), "base64").toString("utf8");
}
