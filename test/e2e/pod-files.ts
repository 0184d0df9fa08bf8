import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { replaceBlock } from "./collectors";

const POD_LOGS = "/var/log/pods";

/** A pod of a node, with one container. */
export interface PodHere {
    readonly namespace: string;
    readonly name: string;
}

export const SHOP: PodHere = { namespace: "shop", name: "shop-0" };
const CONTAINER = "main";
const UID = "1-2-3";

/** A node's collector that reads the files of these pods below a folder, and no journal. */
export function readingPods(config: string, pods: string, which: readonly PodHere[] = [SHOP]): string {
    const targets = which.map(({ namespace, name }) => {
        const meta = { namespace, pod_name: name, pod_container_name: CONTAINER, pod_uid: UID };
        const pod = Object.entries({ ...meta, pod_container_id: "containerd://1" }).map(
            ([key, value]) => `"__meta_kubernetes_${key}" = "${value}"`,
        );
        return `{ ${pod.join(", ")} }`;
    });
    return replaceBlock(config, 'discovery.kubernetes "pods"', "")
        .replace("discovery.kubernetes.pods.targets", `[${targets.join(", ")}]`)
        .replaceAll(POD_LOGS, pods);
}

/** Writes lines of 1 kB into a pod's file, as a container runtime does, numbered from the first on. */
export function writeLines(pods: string, count: number, { namespace, name }: PodHere = SHOP, first = 0): void {
    const folder = join(pods, `${namespace}_${name}_${UID}`, CONTAINER);
    mkdirSync(folder, { recursive: true });
    const written = Array.from(
        { length: count },
        (_, i) => `${new Date().toISOString()} stdout F ${lineOf(first + i)}\n`,
    );
    appendFileSync(join(folder, "0.log"), written.join(""));
}

/** A container's line of a kilobyte in its file, with its number. */
export const lineOf = (number: number) => `line ${number} `.padEnd(960, "x");
