import { at, record, records } from "../../../tools/records";
import type { Kubectl, KubernetesObject } from "../kubectl";

interface ContainerStatus {
    readonly name: string;
    readonly ready: boolean;
    readonly restartCount: number;
    readonly state: { readonly running?: { readonly startedAt: string } };
}

interface Usage {
    readonly memory: number;
    readonly cpu: number;
}

/** What of a pod is measured: MiB and thousandths of a core. */
export interface PodUsage {
    readonly pod: string;
    readonly restarts: number;
    readonly used: Usage;
    readonly requested: Usage;
    readonly limit: Pick<Usage, "memory">;
}

const nameOf = ({ metadata }: KubernetesObject) => `${metadata.namespace ?? ""}/${metadata.name}`;
const statuses = (pod: KubernetesObject) => (at(pod.status, "containerStatuses") ?? []) as ContainerStatus[];
const done = (pod: KubernetesObject) => pod.status?.phase === "Succeeded";

/** What was away, and since when, in Unix milliseconds: the API server still tells of it what was before. */
export interface Away {
    readonly since: number;
    /** A node's name; all of them where it is absent. */
    readonly node?: string;
}

/** Pods that are neither ready nor done, and those of what was away that were not started since. */
export async function unready(kubectl: Kubectl, { since, node }: Away = { since: 0 }): Promise<string[]> {
    const old = (pod: KubernetesObject) =>
        (node === undefined || pod.spec?.nodeName === node) &&
        statuses(pod).some(({ state }) => Date.parse(state.running?.startedAt ?? "") < since - 1000);
    const waits = (pod: KubernetesObject) =>
        !done(pod) && (old(pod) || pod.status?.conditions?.find(({ type }) => type === "Ready")?.status !== "True");
    return (await kubectl.list("pods")).filter(waits).map(nameOf);
}

/** Pods that run in these namespaces and are not a node's own, by what makes them: `namespace/name`. */
export async function podsByMaker(
    kubectl: Kubectl,
    namespaces: readonly string[],
): Promise<Map<string, KubernetesObject[]>> {
    const made = new Map<string, KubernetesObject[]>();
    for (const pod of await kubectl.list("pods")) {
        const [owner] = records(at(pod.metadata, "ownerReferences"));
        const { kind, name } = owner ?? {};
        if (!namespaces.includes(pod.metadata.namespace ?? "") || pod.status?.phase !== "Running") continue;
        if (typeof name !== "string" || (kind !== "ReplicaSet" && kind !== "StatefulSet")) continue;
        // A Deployment's ReplicaSet has its name and a hash.
        const maker = `${pod.metadata.namespace ?? ""}/${kind === "ReplicaSet" ? name.replace(/-[^-]+$/, "") : name}`;
        made.set(maker, [...(made.get(maker) ?? []), pod]);
    }
    return made;
}

/** Containers that ended and were started again, as often as they were. */
export async function restarted(kubectl: Kubectl): Promise<string[]> {
    return (await kubectl.list("pods")).flatMap((pod) =>
        statuses(pod)
            .filter(({ restartCount }) => restartCount > 0)
            .map(({ name, restartCount }) => `${nameOf(pod)} ${name}: ${restartCount}`),
    );
}

/** As a kubelet tells it. */
interface PodStats {
    readonly podRef: { readonly name: string; readonly namespace: string };
    readonly memory?: { readonly workingSetBytes?: number };
    readonly cpu?: { readonly usageCoreNanoSeconds?: number; readonly time: string };
}

/**
 * Usage of every pod that runs, from the kubelets: the working set, which is what a limit and an eviction count, and the
 * processor's time between now and some seconds later.
 */
export async function usage(kubectl: Kubectl, seconds: number): Promise<PodUsage[]> {
    const nodes = (await kubectl.list("nodes")).map(({ metadata }) => metadata.name);
    const read = () =>
        nodes.flatMap((node) => {
            const { pods } = JSON.parse(kubectl.run(["get", "--raw", `/api/v1/nodes/${node}/proxy/stats/summary`])) as {
                pods?: readonly PodStats[];
            };
            return (pods ?? []).map((pod): [string, PodStats] => [`${pod.podRef.namespace}/${pod.podRef.name}`, pod]);
        });
    const before = new Map(read());
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    const after = new Map(read());
    return (await kubectl.list("pods"))
        .filter((pod) => !done(pod))
        .map((pod) => {
            const [first, last] = [before.get(nameOf(pod)), after.get(nameOf(pod))];
            const elapsed = Date.parse(last?.cpu?.time ?? "") - Date.parse(first?.cpu?.time ?? "");
            const spent = (last?.cpu?.usageCoreNanoSeconds ?? 0) - (first?.cpu?.usageCoreNanoSeconds ?? 0);
            const containers = (at(pod.spec, "containers") ?? []) as { resources?: unknown }[];
            const sum = (kind: string, of: string) =>
                containers.reduce((all, { resources }) => all + quantity(record(at(resources, kind))[of]), 0);
            return {
                pod: nameOf(pod),
                restarts: statuses(pod).reduce((all, { restartCount }) => all + restartCount, 0),
                used: { memory: (last?.memory?.workingSetBytes ?? 0) / 2 ** 20, cpu: spent / elapsed / 1000 || 0 },
                requested: { memory: sum("requests", "memory") / 2 ** 20, cpu: sum("requests", "cpu") * 1000 },
                limit: { memory: sum("limits", "memory") / 2 ** 20 },
            };
        });
}

const UNITS: Record<string, number> = { m: 1e-3, k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

function quantity(given: unknown): number {
    if (typeof given !== "string" && typeof given !== "number") return 0;
    const [, number = "0", unit = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(String(given)) ?? [];
    return Number(number) * (UNITS[unit] ?? 1);
}

/** The same as lines, largest first. */
export function usageTable(pods: readonly PodUsage[]): string {
    const rows = [...pods]
        .sort((a, b) => b.used.memory - a.used.memory)
        .map(({ pod, restarts, used, requested, limit }) => [
            pod.replace(/-[a-z0-9]{5,10}-[a-z0-9]{5}$|-[a-z0-9]{5}$/, ""),
            String(restarts),
            ...[used.memory, requested.memory, limit.memory, used.cpu, requested.cpu].map((n) => n.toFixed(0)),
        ]);
    const head = ["pod", "restarts", "MiB", "requested", "limit", "mCPU", "requested"];
    const sum = (of: (pod: PodUsage) => number) => pods.reduce((all, pod) => all + of(pod), 0).toFixed(0);
    const total = [
        ...["total", sum((p) => p.restarts), sum((p) => p.used.memory), sum((p) => p.requested.memory), ""],
        ...[sum((p) => p.used.cpu), sum((p) => p.requested.cpu)],
    ];
    const all = [head, ...rows, total];
    const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
    const line = (row: readonly string[]) =>
        row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
    return all.map((row) => `      ${line(row)}`).join("\n");
}
