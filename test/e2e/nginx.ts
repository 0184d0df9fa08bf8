import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { record } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { freePorts } from "./ports";
import type { Programs } from "./programs";

/** A gateway as a chart renders it. */
export interface RenderedGateway {
    readonly namespace: string;
    readonly name: string;
    /** What it answers by itself, with 200. */
    readonly alive: { readonly port: number; readonly path: string };
}

/** Starts nginx in a folder of its own, without workers beside it, which would go on when it is killed. Gives what ends it. */
export function startNginx(programs: Programs, name: string, own: string, file: string, ready: string) {
    const args = ["-p", own, "-e", "stderr", "-c", file, "-g", "daemon off; master_process off;"];
    return programs.startAs(name, "nginx", args, ready);
}

/**
 * Starts nginx with the configuration of a rendered gateway, with the paths and ports of this machine.
 * @param store the port here of what listens on a port in the cluster, of a host where its name stands in the configuration.
 * @returns its own ports, by those of the pod.
 */
export async function startGateway(
    programs: Programs,
    model: ClusterModel,
    { namespace, name, alive }: RenderedGateway,
    store: (port: number, host: string) => number,
): Promise<(port: number) => number> {
    const { data } = record(model.find("ConfigMap", namespace, name));
    const config = String(record(data)["nginx.conf"]);
    const listened = [...new Set([...config.matchAll(/^\s*listen\s+(\d+)/gm)].map(([, port]) => Number(port)))];
    const free = await freePorts(listened.length);
    const here = (port: number) => free[listened.indexOf(port)] ?? 0;
    const own = programs.data(name);
    const text = config
        .replace(/^\s*resolver .*$/gm, "")
        .replace(/^\s*include .*resolver\.conf;$/gm, "")
        .replace(/^\s*listen\s+\[.*$/gm, "")
        .replace(/access_log\s+syslog.*$/gm, "")
        // nginx knows it from 1.25 on; what comes to these servers here is HTTP/1.1.
        .replace(/^\s*http2 on;$/gm, "")
        .replaceAll(
            /(listen\s+)(\d+)/g,
            (_, listen: string, port: string) => `${listen}127.0.0.1:${here(Number(port))}`,
        )
        .replaceAll(/~\^(\d+) /g, (_, port: string) => `~^${here(Number(port))} `)
        // The port stands behind the name, or behind the variable that holds it.
        .replaceAll(/(\$[a-z_]+):(\d+)/g, (_, host: string, port: string) => `${host}:${store(Number(port), "")}`)
        .replaceAll(
            /([\w$-]+(?:\.[\w-]+)*)\.svc\.cluster\.local\.?(?::(\d+))?/g,
            (_, host: string, port: string | undefined) =>
                `127.0.0.1${port === undefined ? "" : `:${store(Number(port), host)}`}`,
        )
        .replaceAll("/tmp/", `${own}/`);
    const file = join(own, "nginx.conf");
    writeFileSync(file, text);
    await startNginx(programs, "nginx", own, file, `http://127.0.0.1:${here(alive.port)}${alive.path}`);
    return here;
}
