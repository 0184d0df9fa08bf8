import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NAMESPACE, RELEASE, type CollectorName } from "../../components/collectors/k8s-monitoring/names";
import { STORAGE } from "../../components/collectors/k8s-monitoring/queue";
import { at, record } from "../../tools/records";
import type { ClusterModel } from "../../tools/verify/cluster-model";
import { freePorts } from "./control-plane";
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
    /** Starts it as a container is: with what is on its volume. Gives what ends it, without a warning to it. */
    readonly start: () => Promise<() => Promise<void>>;
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
    model: ClusterModel,
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
    const onVolume = storagePath(model, name).startsWith(STORAGE);
    return {
        port,
        own,
        start: () => {
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
            return programs.start("alloy", args, `${local(own)}/-/ready`);
        },
    };
}

/** Where a collector is told to keep what it has. */
function storagePath(model: ClusterModel, name: CollectorName): string {
    const path = at(model.find("Alloy", NAMESPACE, `${RELEASE}-${name}`), "spec.alloy.storagePath");
    if (typeof path !== "string") throw new Error(`${name} has no storagePath`);
    return path;
}

/** Without the component that asks an API server whose pod it was that pushed. */
export function withoutPods(config: string): string {
    return replaceBlock(config, 'otelcol.processor.k8sattributes "default"', "").replaceAll(
        "otelcol.processor.k8sattributes.default.input",
        "otelcol.processor.transform.default.input",
    );
}

const POD_LOGS = "/var/log/pods";

/** Reads the files of one pod, and no journal. */
export function readingPod(config: string, pods: string): string {
    const meta = { namespace: "shop", pod_name: "shop-0", pod_container_name: "main", pod_uid: "1-2-3" };
    const pod = Object.entries({ ...meta, pod_container_id: "containerd://1" }).map(
        ([name, value]) => `"__meta_kubernetes_${name}" = "${value}"`,
    );
    return replaceBlock(config, 'discovery.kubernetes "pods"', "")
        .replace("discovery.kubernetes.pods.targets", `[{ ${pod.join(", ")} }]`)
        .replaceAll(POD_LOGS, pods);
}

/** Lines of a kilobyte as the kubelet has them, each `line-<number>-`. */
export function podLines(from: number, to: number): string {
    return Array.from({ length: to - from }, (_, i) =>
        `${new Date().toISOString()} stdout F line-${from + i}-`.padEnd(1000, "x").concat("\n"),
    ).join("");
}

/** The file of that pod, with so many of them; its path. */
export function writeLines(pods: string, count: number): string {
    const folder = join(pods, "shop_shop-0_1-2-3", "main");
    mkdirSync(folder, { recursive: true });
    const path = join(folder, "0.log");
    writeFileSync(path, podLines(0, count));
    return path;
}
