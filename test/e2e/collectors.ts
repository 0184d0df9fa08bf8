import { join } from "node:path";
import { NAMESPACE, RELEASE, type CollectorName } from "../../components/collectors/k8s-monitoring/names";
import { STORAGE } from "../../components/collectors/k8s-monitoring/queue";
import { at, record, records } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { freePorts } from "./ports";
import { local } from "./store-configs";
import type { Programs } from "./programs";

/** Of the stores, on this machine. */
export interface StoresHere {
    readonly cortex: number;
    readonly loki: number;
    /** Tempo's port of OTLP over gRPC. */
    readonly tempo: number;
}

/** A collector as the chart renders it. */
export interface Collector {
    /** Ports of this machine, by those of the pod. */
    readonly port: (port: number) => number;
    /** The port of its own metrics. */
    readonly own: number;
    /** Starts it as a container is: with what is on its volume, and its variables. Gives what ends it, without a warning to it. */
    readonly start: (env?: Readonly<Record<string, string>>) => Promise<() => Promise<void>>;
}

/** A block of a configuration, which ends at its own indentation; what a component is called stands in quotes. */
const block = (name: string) => new RegExp(`^( *)${name.replaceAll(/[.]/g, "\\$&")} \\{\\n(?:.*\\n)*?\\1\\}.*\\n`, "m");

/** The configuration with other content in place of a block; it has to be there. */
export function replaceBlock(config: string, name: string, content: string): string {
    if (!block(name).test(config)) throw new Error(`no ${name} in\n${config}`);
    return config.replace(block(name), () => content);
}

/**
 * A collector with its rendered configuration, in which addresses and folders are those of this machine.
 * @param change what is different here beside that.
 * @param folder of its volume.
 */
export async function collector(
    programs: Programs,
    model: Pick<ClusterModel, "find">,
    name: CollectorName,
    stores: StoresHere,
    change: (config: string) => string = (config) => config,
    folder: string = name,
): Promise<Collector> {
    const { data } = record(model.find("ConfigMap", NAMESPACE, `${RELEASE}-${name}`));
    const rendered = String(record(data)["config.alloy"]);
    const listened = [...new Set([...rendered.matchAll(/"0\.0\.0\.0:(\d+)"/g)].map(([, port]) => Number(port)))];
    const [own = 0, ...free] = await freePorts(listened.length + 1);
    const port = (of: number) => free[listened.indexOf(of)] ?? 0;
    const volume = programs.data(folder);
    const config = change(rendered)
        .replaceAll(/"0\.0\.0\.0:(\d+)"/g, (_, of: string) => `"127.0.0.1:${port(Number(of))}"`)
        .replaceAll(/http:\/\/cortex-nginx\.cortex\.svc\.cluster\.local/g, local(stores.cortex))
        .replaceAll(/http:\/\/loki-gateway\.loki\.svc\.cluster\.local/g, local(stores.loki))
        .replaceAll(/tempo-distributor\.tempo\.svc\.cluster\.local:\d+/g, `127.0.0.1:${stores.tempo}`)
        .replaceAll(STORAGE, volume);
    const file = programs.file(`${folder}.alloy`, config);
    const variables = variablesOf(model, name);
    const onVolume = storagePath(model, name).startsWith(STORAGE);
    return {
        port,
        own,
        start: (env = {}) => {
            // What is not on a volume goes with the container.
            const storage = onVolume ? join(volume, "data") : programs.data(`${folder}-${Date.now()}`);
            const args = [
                "run",
                `--server.http.listen-addr=127.0.0.1:${own}`,
                `--storage.path=${storage}`,
                "--stability.level=public-preview",
                "--disable-reporting",
                file,
            ];
            return programs.startAs(`alloy-${folder}`, "alloy", args, `${local(own)}/-/ready`, {
                ...variables,
                ...env,
            });
        },
    };
}

/** Where a collector is told to keep what it has. */
function storagePath(model: Pick<ClusterModel, "find">, name: CollectorName): string {
    const path = at(model.find("Alloy", NAMESPACE, `${RELEASE}-${name}`), "spec.alloy.storagePath");
    if (typeof path !== "string") throw new Error(`${name} has no storagePath`);
    return path;
}

/** The variables whose values stand in the collector's own object; Secrets are none of them. */
function variablesOf(model: Pick<ClusterModel, "find">, name: CollectorName): Record<string, string> {
    const extraEnv = records(at(model.find("Alloy", NAMESPACE, `${RELEASE}-${name}`), "spec.alloy.extraEnv"));
    return Object.fromEntries(
        extraEnv.flatMap(({ name: key, value }) => (typeof value === "string" ? [[String(key), value] as const] : [])),
    );
}

/** Without the component that asks an API server whose pod it was that pushed. */
export function withoutPods(config: string): string {
    return replaceBlock(config, 'otelcol.processor.k8sattributes "default"', "").replaceAll(
        "otelcol.processor.k8sattributes.default.input",
        "otelcol.processor.transform.default.input",
    );
}
