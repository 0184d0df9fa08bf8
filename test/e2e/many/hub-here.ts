import { createSocket, type Socket } from "node:dgram";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GATEWAY, HTPASSWD_SECRET, NAMESPACE, PORT } from "../../../components/ingest-gateway/names";
import { freePorts } from "../ports";
import type { Programs } from "../programs";
import { startPushNginx, type GatewayFiles } from "../push-gateway";
import { cortexConfig, local, lokiConfig, tempoConfig } from "../store-configs";
import type { Door } from "./door";
import { gatewayFiles, secretOf, type Found } from "./found";

/** Ports of the hub's stores. */
export interface HubStores {
    readonly cortex: number;
    readonly loki: number;
    readonly tempo: number;
    /** Where Tempo takes OTLP over HTTP. */
    readonly otlp: number;
}

/** The hub's stores, each in one process, with the tenants apart. Gives what ends them, and starts them on what they have. */
export async function hubStores(programs: Programs): Promise<{
    readonly ports: HubStores;
    readonly start: () => Promise<void>;
    readonly kill: () => Promise<void>;
}> {
    const [cortex = 0, loki = 0, tempo = 0, otlp = 0, ...grpc] = await freePorts(7);
    const [first = 0, second = 0, third = 0] = grpc;
    const none = { otlp, prometheus: 1 };
    const limits = { ingestion_rate: 1e6, ingestion_burst_size: 1e7, enable_native_histograms: true };
    const late = { out_of_order_time_window: "12h" };
    const configs = {
        cortex: { ...cortexConfig(programs, { http: cortex, grpc: first, ...none }), limits: { ...limits, ...late } },
        loki: {
            ...lokiConfig(programs, { http: loki, grpc: second }),
            limits_config: { ingestion_rate_mb: 1000, ingestion_burst_size_mb: 1000, ...STREAM },
        },
        tempo: {
            ...tempoConfig(programs, { http: tempo, grpc: third, ...none }),
            multitenancy_enabled: true,
            overrides: { defaults: { ingestion: { rate_limit_bytes: 1e9, burst_size_bytes: 1e9 } } },
        },
    };
    const http = { cortex, loki, tempo };
    const names = ["cortex", "loki", "tempo"] as const;
    return {
        ports: { cortex, loki, tempo, otlp },
        start: async () => {
            await Promise.all(
                names.map((store) => {
                    const file = programs.file(`${store}.yaml`, configs[store]);
                    return programs.start(store, [`-config.file=${file}`], `${local(http[store])}/ready`);
                }),
            );
        },
        kill: async () => {
            for (const store of names) await programs.kill(store);
        },
    };
}

/** What one stream may send, in bytes of Loki's notation. */
const STREAM = { per_stream_rate_limit: "1GB", per_stream_rate_limit_burst: "1GB" };

/** A push that the hub's gateway has told of. */
export interface Told {
    readonly client: string;
    readonly signal: string;
    readonly status: number;
}

/** The hub's ingest gateway as it is found, and as it is found again after each `pulumi up`. */
export interface HubGateway {
    /** Every push since the start. */
    readonly told: readonly Told[];
    /** Passwords are the cluster's from now on, as the kubelet brings them: without a restart. */
    readonly passwords: () => void;
    /** New pods, as a changed configuration makes them: the old one goes when nothing comes to it any more. */
    readonly roll: () => Promise<void>;
    readonly stop: () => void;
}

/** What the gateway is made of at the moment: the cluster's, or what the program would write. */
export interface GatewaySource {
    readonly htpasswd: () => string;
    readonly files: () => GatewayFiles;
}

/** As the hub's cluster has it. */
export function deployedGateway(found: Found): GatewaySource {
    return {
        htpasswd: () => secretOf(found, NAMESPACE, HTPASSWD_SECRET).htpasswd ?? "",
        files: () => gatewayFiles(found, NAMESPACE, GATEWAY),
    };
}

export async function hubGateway(
    { programs, folder, door }: { readonly programs: Programs; readonly folder: string; readonly door: Door },
    source: GatewaySource,
    stores: HubStores,
): Promise<HubGateway> {
    const told: Told[] = [];
    const exporter: Socket = createSocket("udp4", (line) => {
        // Up to the third colon it is syslog's.
        const [client = "", signal = "", status] = String(line).split(": ").slice(1).join(": ").split("\t");
        told.push({ client, signal, status: Number(status) });
    });
    await new Promise<void>((resolve) => exporter.bind(0, "127.0.0.1", resolve));
    const passwords = () => {
        writeFileSync(join(folder, "htpasswd.new"), source.htpasswd());
        renameSync(join(folder, "htpasswd.new"), join(folder, "htpasswd"));
    };
    let before: (() => Promise<void>) | undefined;
    const roll = async () => {
        const { config, files } = source.files();
        const ground = { programs, folder, syslogPort: exporter.address().port };
        const { ports, end } = await startPushNginx(ground, { config: storesHere(config, stores), files });
        door.leadTo(ports.get(PORT));
        const old = before;
        before = end;
        // The pod's own time between leaving the Service and its end.
        if (old !== undefined) setTimeout(() => void old(), 10_000).unref();
    };
    passwords();
    await roll();
    return { told, passwords, roll, stop: () => void exporter.close() };
}

/** The configuration with the addresses of this machine. */
function storesHere(config: string, stores: HubStores): string {
    const ports: Readonly<Record<string, number>> = { cortex: stores.cortex, loki: stores.loki, tempo: stores.otlp };
    return config.replaceAll(
        /http:\/\/[a-z0-9-]+\.(cortex|loki|tempo)\.svc\.cluster\.local(:\d+)?/g,
        (_, store: string) => local(ports[store] ?? 0),
    );
}
