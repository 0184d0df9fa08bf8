import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { PORT } from "../../components/egress-gateway/names";
import {
    CA_DIRECTORY,
    gatewayConfig,
    HUB_DIRECTORY,
    HUB_FILES,
    START_SCRIPT,
} from "../../components/egress-gateway/nginx";
import { RESOLVER_DIRECTORY } from "../../components/kubernetes/nginx-pods";
import { freePorts } from "./ports";
import { startNginx } from "./nginx";
import type { Programs } from "./programs";
import type { GatewayFiles } from "./push-gateway";

/** What ends it, by a signal. */
export type End = (signal?: NodeJS.Signals) => Promise<void>;

/** Starts it by a configuration whose paths are of this machine. */
async function startHere(programs: Programs, own: string, config: string, alive: number): Promise<End> {
    const file = join(own, "nginx.conf");
    writeFileSync(join(own, "resolver.conf"), "");
    writeFileSync(file, config);
    return startNginx(programs, `nginx-${basename(own)}`, own, file, `http://127.0.0.1:${alive}/healthz`);
}

/** As the program writes it. */
const WRITTEN: GatewayFiles = { config: gatewayConfig({}, { ipFamilies: "ipv4" }), files: HUB_FILES };

/** Starts a sending cluster's gateway with a Secret of these keys, its template filled as its image fills it. */
export async function startEgressGateway(
    programs: Programs,
    own: string,
    secret: Readonly<Record<string, string>>,
    { config, files: beside }: GatewayFiles = WRITTEN,
): Promise<{ readonly port: number; readonly end: End }> {
    const [port = 0] = await freePorts(1);
    const files = join(own, "hub");
    mkdirSync(files);
    for (const [name, text] of Object.entries(secret)) writeFileSync(join(files, name), text);
    const here = (text: string) => text.replaceAll(CA_DIRECTORY, join(own, "ca")).replaceAll(HUB_DIRECTORY, files);
    for (const [name, text] of Object.entries(beside)) writeFileSync(join(own, name), here(text));
    const names = "${HUB_URL} ${HUB_AUTHORIZATION} ${HUB_CA} ${HUB_CERTIFICATE}";
    const fill = `. ./${START_SCRIPT} && envsubst '${names}' < hub.conf.template > hub.conf`;
    execFileSync("/bin/sh", ["-eu", "-c", fill], { cwd: own });
    const text = config
        .replaceAll(`${RESOLVER_DIRECTORY}/`, `${own}/`)
        .replaceAll(`listen ${PORT}`, `listen 127.0.0.1:${port}`);
    return { port, end: await startHere(programs, own, text, port) };
}
