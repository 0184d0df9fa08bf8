import { mkdtempSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { COLLECTOR_NAMES, RECEIVER_PORTS } from "../../../components/collectors/k8s-monitoring/names";
import { GATEWAY, gatewayUrl, NAMESPACE } from "../../../components/egress-gateway/names";
import { at, record, records } from "../../../tools/records";
import { collector, withoutPods } from "../collectors";
import { freePorts } from "../ports";
import { startEgressGateway, type End } from "../egress";
import { readingPods } from "../pod-files";
import type { Programs } from "../programs";
import { http, type Encode } from "../pushes";
import { local } from "../store-configs";
import { openDoor, type Door } from "./door";
import { gatewayFiles, type Found } from "./found";

const NOWHERE = { cortex: 1, loki: 1, tempo: 1 };
const PROMETHEUS = { namespace: "monitoring", name: "kps-prometheus" };

/** A cluster that sends, whatever runs its programs. */
export interface SendingCluster {
    /** Selectors of what is scraped there, and how many series each has at the hub. */
    readonly scraped: Readonly<Record<string, number>>;
    /** Pushes records by OTLP to its receiver; whether they were taken. */
    readonly push: (signal: "metrics" | "logs" | "traces", body: Buffer) => Promise<boolean>;
    /** New pods of its gateway with this Secret; the old one ends as it is told to. */
    readonly gateway: (secret: Readonly<Record<string, string>>) => Promise<void>;
    readonly stop: () => Promise<void>;
}

export interface Sender extends SendingCluster {
    /** Kills its receiver and its node's collector without a warning, and starts them again. */
    readonly killed: () => Promise<void>;
    /** How often its Prometheus has scraped. */
    readonly scrapes: () => number;
    /** How many samples of those scrapes its Prometheus has, of the hour before a moment in seconds. */
    readonly samples: (moment: number) => Promise<number>;
}

/** What is different from what is found. */
export interface SenderSettings {
    /** Below which its programs keep what they have, and by which their logs are called. */
    readonly name: string;
    /** Folder of its pods' files. */
    readonly pods: string;
    /** Seconds between two scrapes. */
    readonly scrape: number;
    /** Of Prometheus, beside those that are found. */
    readonly flags?: readonly string[];
}

/** A sending cluster's gateway, receiver, node's collector and one of its pair of Prometheus, as they are found. */
export async function startSender(
    programs: Programs,
    found: Found,
    secret: Readonly<Record<string, string>>,
    { name, pods, scrape, flags = [] }: SenderSettings,
): Promise<Sender> {
    const door = await openDoor();
    const gateway = rollingGateway(programs, gatewayFiles(found, NAMESPACE, GATEWAY), name, door);
    await gateway.roll(secret);
    const here = (config: string) => config.replaceAll(gatewayUrl, local(door.port));
    const receiver = await collector(
        programs,
        found,
        COLLECTOR_NAMES.receiver,
        NOWHERE,
        (config) => here(withoutPods(config)),
        `${name}-receiver`,
    );
    const logs = await collector(
        programs,
        found,
        COLLECTOR_NAMES.logs,
        NOWHERE,
        (config) => here(readingPods(config, pods)),
        `${name}-logs`,
    );
    const target = await scraped();
    const metrics = await prometheus(programs, found, door.port, { name, target, scrape, flags });
    const start = () => Promise.all([receiver.start(), logs.start()]);
    let ends = await start();
    await metrics.start();
    return {
        scraped: { scrapes_of_the_test: SERIES },
        push: async (signal, body) => {
            const send = http(`/v1/${signal}`, { "content-type": "application/x-protobuf" });
            return (await send(receiver.port(RECEIVER_PORTS.otlpHttp), body)).taken;
        },
        gateway: gateway.roll,
        killed: async () => {
            for (const end of ends) await end();
            ends = await start();
        },
        scrapes: target.scrapes,
        samples: (moment) => samplesOf(metrics.port, moment),
        stop: async () => {
            await gateway.stop();
            door.close();
            target.server.close();
        },
    };
}

/** nginx of a sending cluster, of which there is one at a time beside the one that ends. */
function rollingGateway(
    programs: Programs,
    files: ReturnType<typeof gatewayFiles>,
    name: string,
    door: Door,
): { readonly roll: Sender["gateway"]; readonly stop: () => Promise<void> } {
    const ends: End[] = [];
    return {
        roll: async (secret) => {
            const { port, end } = await startEgressGateway(
                programs,
                mkdtempSync(join(programs.data(name), "gateway-")),
                secret,
                files,
            );
            door.leadTo(port);
            // As the kubelet ends a container of this image: it hands on what it has begun.
            await ends.at(-1)?.("SIGQUIT");
            ends.push(end);
        },
        stop: async () => {
            for (const end of ends) await end("SIGTERM");
        },
    };
}

/** Series of what is scraped. */
export const SERIES = 100;

/** A program whose series count its scrapes, so that every sample of one has a value of its own. */
async function scraped(): Promise<{ readonly server: Server; readonly port: number; readonly scrapes: () => number }> {
    let scrapes = 0;
    const server = createServer((_, answer) => {
        scrapes += 1;
        const lines = Array.from({ length: SERIES }, (_, i) => `scrapes_of_the_test{i="${i}"} ${scrapes}\n`);
        answer.setHeader("content-type", "text/plain; version=0.0.4").end(lines.join(""));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { server, port: (server.address() as AddressInfo).port, scrapes: () => scrapes };
}

async function prometheus(
    programs: Programs,
    found: Found,
    gateway: number,
    of: {
        readonly name: string;
        readonly target: { readonly port: number };
        readonly scrape: number;
        readonly flags: readonly string[];
    },
): Promise<{ readonly port: number; readonly start: () => Promise<End> }> {
    const spec = record(found.find("Prometheus", PROMETHEUS.namespace, PROMETHEUS.name)?.spec);
    const [write = {}] = records(spec.remoteWrite);
    const url = String(write.url);
    if (!url.startsWith(gatewayUrl)) throw new Error(`Prometheus writes to ${url}`);
    const [port = 0] = await freePorts(1);
    const every = `${Math.round(of.scrape * 1000)}ms`;
    const config = programs.file(`${of.name}-prometheus.yml`, {
        global: {
            scrape_interval: every,
            scrape_timeout: every,
            external_labels: { ...record(spec.externalLabels), [String(spec.replicaExternalLabelName)]: "a" },
        },
        scrape_configs: [{ job_name: "of-the-test", static_configs: [{ targets: [`127.0.0.1:${of.target.port}`] }] }],
        // Small, so that a link's absence reaches the log soon.
        remote_write: [{ url: url.replace(gatewayUrl, local(gateway)), queue_config: QUEUE }],
    });
    const given = records(spec.additionalArgs).map(({ name, value }) => `--${String(name)}=${String(value)}`);
    const args = [
        `--config.file=${config}`,
        `--storage.tsdb.path=${programs.data(`${of.name}-prometheus`)}`,
        `--web.listen-address=127.0.0.1:${port}`,
        ...given.filter((arg) => !of.flags.some((flag) => flag.split("=")[0] === arg.split("=")[0])),
        ...of.flags,
    ];
    return {
        port,
        start: () => programs.startAs(`${of.name}-prometheus`, "prometheus", args, `${local(port)}/-/ready`),
    };
}

/** All samples of the target, each once. */
export const ALL_SAMPLES = "sum(count_over_time(scrapes_of_the_test[1h]))";

async function samplesOf(port: number, moment: number): Promise<number> {
    const query = new URLSearchParams({ query: ALL_SAMPLES, time: String(moment) });
    const answer: unknown = await (await fetch(`${local(port)}/api/v1/query?${query}`)).json();
    const [series] = records(at(answer, "data.result"));
    return Number((series?.value as unknown[] | undefined)?.[1] ?? 0);
}

const QUEUE = { capacity: 500, max_samples_per_send: 250, max_shards: 1, max_backoff: "1s" };

/** Pushes of all three signals. */
export function pushAll(sender: SendingCluster, encodes: Readonly<Record<"metrics" | "logs" | "traces", Encode>>) {
    return async (service: string, count: number): Promise<boolean[]> =>
        Promise.all(
            (["metrics", "logs", "traces"] as const).map((signal) =>
                sender.push(signal, encodes[signal](service, count, Date.now())),
            ),
        );
}
