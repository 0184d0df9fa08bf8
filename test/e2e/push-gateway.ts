import { mkdtempSync, writeFileSync } from "node:fs";
import { Agent, request, type ClientRequest } from "node:http";
import { join } from "node:path";
import { headerTenancy } from "../../components/contracts/tenancy";
import { countingFiles } from "../../components/ingest-gateway/counting";
import { CLUSTERS_PORT, PORT, SYSLOG_PORT, TLS_PORT } from "../../components/ingest-gateway/names";
import {
    CLIENT_CA_DIRECTORY,
    gatewayConfig,
    HTPASSWD_DIRECTORY,
    TLS_DIRECTORY,
} from "../../components/ingest-gateway/nginx";
import type { IngestGatewaySettings } from "../../components/ingest-gateway/settings";
import { RESOLVER_DIRECTORY } from "../../components/kubernetes/nginx-pods";
import { logStore, metricsStore, traceStore } from "../fixtures/stores";
import { freePorts } from "./ports";
import { startNginx } from "./nginx";
import type { Programs } from "./programs";

export interface Ground {
    readonly programs: Programs;
    /** With `htpasswd`, `clients/ca.crt` and `push/tls.crt`, whichever the gateway reads. */
    readonly folder: string;
    /** Of what stands for every store. */
    readonly storePort: number;
    /** Of what stands for the exporter, by UDP; nobody if absent. */
    readonly syslogPort?: number;
}

/** What the gateway's ConfigMap holds. */
export interface GatewayFiles {
    readonly config: string;
    /** Beside it. */
    readonly files: Readonly<Record<string, string>>;
}

/** What a gateway listens on here, by the ports of its pod, and what ends it. */
export interface PushGateway {
    readonly ports: ReadonlyMap<number, number>;
    readonly end: () => Promise<void>;
}

/** Starts the ingest gateway's nginx with the paths of this machine. */
export function startPushGateway(
    ground: Ground,
    settings: Pick<IngestGatewaySettings, "auth" | "clients" | "clusters" | "limits">,
): Promise<PushGateway> {
    const base = `http://127.0.0.1:${ground.storePort}`;
    const config = gatewayConfig(
        {
            metricsStore: {
                push: { ...metricsStore.push, url: `${base}/api/v1/push`, otlpUrl: `${base}/api/v1/otlp` },
                tenancy: headerTenancy("prod"),
            },
            logStore: {
                ...logStore,
                push: { ...logStore.push, lokiUrl: `${base}/loki/api/v1/push`, otlpUrl: `${base}/otlp` },
            },
            traceStore: { ...traceStore, push: { ...traceStore.push, otlpHttp: base } },
        },
        settings,
        { ipFamilies: "ipv4" },
    );
    return startPushNginx(ground, { config, files: countingFiles(settings.clusters) });
}

/** The same of files whose stores are on this machine already. */
export async function startPushNginx(
    { programs, folder, syslogPort }: Omit<Ground, "storePort">,
    { config, files }: GatewayFiles,
): Promise<PushGateway> {
    const [http = 0, tls = 0, clusters = 0, free = 0] = await freePorts(4);
    const own = mkdtempSync(join(folder, "nginx-"));
    writeFileSync(join(own, "resolver.conf"), "");
    for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
    const text = config
        .replaceAll(`${RESOLVER_DIRECTORY}/`, `${own}/`)
        .replaceAll(`listen ${TLS_PORT}`, `listen 127.0.0.1:${tls}`)
        .replaceAll(`listen ${PORT}`, `listen 127.0.0.1:${http}`)
        .replaceAll(`listen ${CLUSTERS_PORT}`, `listen 127.0.0.1:${clusters}`)
        .replaceAll(`127.0.0.1:${SYSLOG_PORT}`, `127.0.0.1:${syslogPort ?? free}`)
        .replaceAll("alias /etc/nginx/", `alias ${own}/`)
        .replaceAll(CLIENT_CA_DIRECTORY, join(folder, "clients"))
        .replaceAll(HTPASSWD_DIRECTORY, folder)
        .replaceAll(TLS_DIRECTORY, join(folder, "push"));
    const file = join(own, "nginx.conf");
    writeFileSync(file, text);
    const end = await startNginx(programs, "nginx", own, file, `http://127.0.0.1:${http}/healthz`);
    const ports = new Map([
        [PORT, http],
        [TLS_PORT, tls],
        [CLUSTERS_PORT, clusters],
    ]);
    return { ports, end };
}

const connections = new Agent({ keepAlive: true, maxSockets: 512 });

/** Pushes by a user with its password, and a tenant that is not its own; the answer's status. */
export function pushedBy(port: number | undefined, auth: string): Promise<number | undefined> {
    const headers = { "X-Scope-OrgID": "prod" };
    return answered(
        request({ host: "127.0.0.1", port, path: "/api/v1/push", method: "POST", auth, headers, agent: connections }),
    );
}

/** Sends a request with a body; the answer's status. */
export function answered(request: ClientRequest, body: string | Buffer = "body"): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
        request.on("error", reject);
        request.on("response", (answer) => {
            answer.resume();
            answer.on("end", () => {
                resolve(answer.statusCode);
            });
        });
        request.end(body);
    });
}
