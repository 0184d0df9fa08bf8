import { mergeValues } from "../../components/kubernetes/merge-values";
import { freePorts } from "./ports";
import type { Programs } from "./programs";
import { cortexConfig, local, lokiConfig } from "./store-configs";

/** Members of a ring: as many as there are copies. */
const MEMBERS = 3;

/** How soon a member that is dead is known as such here; a minute as it is rendered. */
const [BEAT, DEAD] = [{ heartbeat_period: "1s" }, { heartbeat_timeout: "15s" }];

/** How long a copy may take: this is about what is lost, not about how fast a busy machine is. */
const PATIENT = { remote_timeout: "20s" };

/** A store of three processes that each do everything, with three copies of all they take. */
export interface Ring {
    /** Base address of each. */
    readonly members: readonly string[];
    /** Ends one without a warning to it. */
    readonly kill: (member: number) => Promise<void>;
    /** Starts it again, on what it has on its disk. */
    readonly startAgain: (member: number) => Promise<void>;
}

type Config = Record<string, unknown>;

/** @param config of one, which finds the others by gossip. */
async function startRing(
    programs: Programs,
    program: "cortex" | "loki",
    config: (name: string, ports: { http: number; grpc: number }) => Config,
): Promise<Ring> {
    const ports = await freePorts(MEMBERS * 3);
    const gossip = ports.slice(MEMBERS * 2);
    const memberlist = {
        bind_addr: ["127.0.0.1"],
        advertise_addr: "127.0.0.1",
        join_members: gossip.map((port) => `127.0.0.1:${port}`),
        abort_if_cluster_join_fails: false,
        gossip_interval: "200ms",
    };
    const all = Array.from({ length: MEMBERS }, (_, i) => {
        const [http = 0, grpc = 0] = ports.slice(i * 2);
        const name = `${program}-${i}`;
        const itself = { node_name: name, bind_port: gossip[i], advertise_port: gossip[i] };
        const own = mergeValues(config(name, { http, grpc }), { memberlist: { ...memberlist, ...itself } });
        const file = programs.file(`${name}.yaml`, own);
        return { name, address: local(http), args: [`-config.file=${file}`] };
    });
    const start = async ({ name, address, args }: (typeof all)[number]) => {
        await programs.startAs(name, program, args, `${address}/ready`);
    };
    // None is ready before it has seen enough of the others.
    await Promise.all(all.map(start));
    const of = (member: number) => {
        const found = all[member];
        if (found === undefined) throw new Error(`${program} has no member ${member}`);
        return found;
    };
    return {
        members: all.map(({ address }) => address),
        kill: (member) => programs.kill(of(member).name),
        startAgain: (member) => start(of(member)),
    };
}

export function startCortexRing(programs: Programs): Promise<Ring> {
    const kvstore = { kvstore: { store: "memberlist" } };
    return startRing(programs, "cortex", (name, ports) =>
        mergeValues(cortexConfig(programs, { ...ports, otlp: 0, prometheus: 0 }), {
            distributor: { ...PATIENT, ring: { ...kvstore, instance_id: name, instance_interface_names: ["lo"] } },
            ingester: {
                lifecycler: {
                    ...BEAT,
                    id: name,
                    ring: { ...DEAD, ...kvstore, replication_factor: MEMBERS },
                },
            },
            blocks_storage: {
                tsdb: { dir: programs.data(`${name}-tsdb`) },
                bucket_store: { sync_dir: programs.data(`${name}-sync`) },
            },
        }),
    );
}

/** @param s3 as Loki's client finds its bucket. */
export function startLokiRing(programs: Programs, s3: Config): Promise<Ring> {
    return startRing(programs, "loki", (name, ports) => {
        const own = lokiConfig(programs, ports, programs.data(name));
        const ring = { kvstore: { store: "memberlist" }, instance_id: name, instance_interface_names: ["lo"] };
        return mergeValues(own, {
            common: {
                ring: { ...ring, ...BEAT, ...DEAD },
                replication_factor: MEMBERS,
                storage: { filesystem: null, s3 },
            },
            ingester: {
                lifecycler: { min_ready_duration: "0s", final_sleep: "0s" },
                // What is a second old is brought to the bucket, and what cannot be, once more a second later.
                chunk_idle_period: "1s",
                flush_check_period: "1s",
                flush_op_timeout: "30s",
                flush_op_backoff: { min_period: "100ms", max_period: "200ms", max_retries: 2 },
            },
            compactor: { compaction_interval: "2s" },
            ingester_client: PATIENT,
            schema_config: { configs: [{ ...schemaOf(own), object_store: "s3" }] },
        });
    });
}

function schemaOf({ schema_config }: Config): Config {
    return (schema_config as { configs: [Config] }).configs[0];
}
