import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { at, records } from "../../../tools/records";
import type { Kubectl, KubernetesObject } from "../kubectl";
import { clientObjects } from "./client";
import { FRIEND, until, type Deployment } from "./deployment";
import { podsByMaker } from "./pods";

/** Something that fails in a deployment that is to go on, and how it becomes well again. */
export interface Failure {
    readonly name: string;
    /** Tells why it cannot be made to fail here, where that is so. */
    readonly fail: () => Promise<string | undefined>;
    /** @param since Unix milliseconds at which it failed. */
    readonly healed: (since: number) => Promise<void>;
}

/** Namespaces of what keeps data, and of what stands before it. */
const STORES = ["minio", "cortex", "loki", "tempo", "collectors"];
const PLATFORM = [...STORES, "monitoring"];

/** Milliseconds for which a server is missing, and seconds for which the API server is. */
const MISSING = 180_000;
const API_SERVER_AWAY = 300;
/** Milliseconds until the API server has heard that a pod has ended. */
const HEARD = 5000;

/** Of each kind of pod that the stores have one is killed without grace, then another one evicted, as a drain does it. */
export async function podFailures(deployed: Deployment): Promise<Failure[]> {
    const { kubectl } = deployed;
    const healed = async () => {
        await sleep(HEARD);
        await deployed.ready();
    };
    return [...(await podsByMaker(kubectl, STORES)).keys()].flatMap((maker): Failure[] => [
        {
            name: `${maker}: a pod killed`,
            fail: async () => {
                const { name, namespace = "" } = (await podOf(kubectl, maker)).metadata;
                await kubectl.start(["delete", "pod", "-n", namespace, name, "--grace-period=0", "--force"]);
                return undefined;
            },
            healed,
        },
        {
            name: `${maker}: a pod evicted`,
            fail: async () => {
                evict(kubectl, await podOf(kubectl, maker));
                return undefined;
            },
            healed,
        },
    ]);
}

/** What happens to all of it, or to what all of it stands on. */
export function wholeFailures(deployed: Deployment): Failure[] {
    const { kubectl, ground } = deployed;
    const node = once(() => nodeWithout(kubectl, FRIEND));
    const healed = async () => {
        await sleep(HEARD);
        await deployed.ready();
    };
    return [
        {
            name: "a node killed, and back",
            fail: async () => {
                const { index } = await node();
                await ground.kill(index);
                await ground.start(index);
                return undefined;
            },
            healed: async (since) => deployed.ready({ since, node: (await node()).name }),
        },
        {
            name: "a node drained, and taken back",
            fail: async () => {
                const { name } = await node();
                const drain = ["drain", name, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout=20m"];
                await kubectl.start(drain);
                await kubectl.start(["uncordon", name]);
                return undefined;
            },
            healed,
        },
        {
            name: "every store's key rotated, by an `up`",
            fail: async () => {
                await deployed.change({ objectStore: { rotation: { metrics: 2, logs: 2, traces: 2 } } });
                return undefined;
            },
            healed,
        },
        {
            name: "every workload rolled",
            fail: async () => {
                const sets = (
                    await Promise.all(["deployments", "statefulsets"].map((kind) => kubectl.list(kind)))
                ).flat();
                const own = sets.filter(({ metadata }) => PLATFORM.includes(metadata.namespace ?? ""));
                for (const { kind, metadata } of own) {
                    const at = ["-n", metadata.namespace ?? "", `${kind}/${metadata.name}`];
                    await kubectl.start(["rollout", "restart", ...at]);
                }
                return undefined;
            },
            healed,
        },
        {
            name: "MinIO short of a server for three minutes",
            fail: async () => {
                const pod = await podOf(kubectl, "minio/minio");
                const { name, namespace = "" } = pod.metadata;
                const on = String(pod.spec?.nodeName);
                await kubectl.start(["cordon", on]);
                await kubectl.start(["delete", "pod", "-n", namespace, name, "--grace-period=0", "--force"]);
                await sleep(MISSING);
                await kubectl.start(["uncordon", on]);
                return undefined;
            },
            healed,
        },
        ...["cortex/cortex-ingester", "loki/loki-ingester", "tempo/tempo-ingester"].map((maker) =>
            fullVolume(deployed, maker),
        ),
        {
            name: "the API server away for five minutes",
            fail: async () =>
                (await ground.pause(API_SERVER_AWAY)) ? undefined : "REAL_NODES names a program that cannot pause it",
            healed,
        },
    ];
}

/** A member's volume is filled by a neighbour that mounts it too, and after some minutes emptied of that again. */
function fullVolume(deployed: Deployment, maker: string): Failure {
    const { kubectl } = deployed;
    const filler = { name: "filler", namespace: maker.split("/")[0] ?? "" };
    return {
        name: `${maker}: a volume full for three minutes`,
        fail: async () => {
            const pod = await podOf(kubectl, maker);
            const claim = records(at(pod.spec, "volumes")).find((volume) => "persistentVolumeClaim" in volume);
            assert.ok(claim, `${maker} has no volume`);
            kubectl.apply(fillerPod(filler, deployed.image, pod, claim));
            await until("the volume is full", async () => {
                const { stdout } = await kubectl
                    .start(["logs", "-n", filler.namespace, filler.name])
                    .catch(() => ({ stdout: "" }));
                return stdout.includes("full") ? "" : stdout;
            });
            await sleep(MISSING);
            await kubectl.start(["delete", "pod", "-n", filler.namespace, filler.name, "--grace-period=30"]);
            return undefined;
        },
        healed: () => deployed.ready(),
    };
}

/** Fills the volume; removes what it wrote when it is asked to end. It is on the volume's node, as the same user and group. */
function fillerPod(
    { name, namespace }: { readonly name: string; readonly namespace: string },
    image: string,
    pod: KubernetesObject,
    claim: Record<string, unknown>,
): object {
    const script = `trap 'rm -f /data/filler; exit 0' TERM
dd if=/dev/zero of=/data/filler bs=1M 2>/dev/null
echo full
while :; do sleep 1; done`;
    const [client] = clientObjects(namespace, image) as [{ spec: { containers: [Record<string, unknown>] } }];
    const [container] = client.spec.containers;
    return {
        ...client,
        metadata: { name, namespace },
        spec: {
            ...client.spec,
            nodeName: pod.spec?.nodeName,
            securityContext: pod.spec?.securityContext,
            terminationGracePeriodSeconds: 30,
            containers: [
                {
                    ...container,
                    name,
                    env: [],
                    command: ["sh", "-c", script],
                    volumeMounts: [{ name: "data", mountPath: "/data" }],
                },
            ],
            volumes: [{ name: "data", persistentVolumeClaim: claim.persistentVolumeClaim }],
        },
    };
}

async function podOf(kubectl: Kubectl, maker: string): Promise<KubernetesObject> {
    const pods = await podsByMaker(kubectl, [maker.split("/")[0] ?? ""]);
    return pods.get(maker)?.[0] ?? assert.fail(`${maker} has no pod; there are ${[...pods.keys()].join(", ")}`);
}

function evict(kubectl: Kubectl, { metadata: { name, namespace = "" } }: KubernetesObject): void {
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
    kubectl.run(["create", "--raw", path, "-f", "-"], JSON.stringify(eviction));
}

/** A node on which no pod of a namespace runs, and its number: who writes is to go on. */
async function nodeWithout(kubectl: Kubectl, namespace: string): Promise<{ name: string; index: number }> {
    const nodes = (await kubectl.list("nodes")).map(({ metadata }) => metadata.name).sort();
    const taken = (await kubectl.list("pods"))
        .filter(({ metadata }) => metadata.namespace === namespace)
        .map(({ spec }) => spec?.nodeName);
    const index = nodes.findIndex((name) => !taken.includes(name));
    return { name: nodes[index] ?? assert.fail("every node has a writer"), index };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
    let made: Promise<T> | undefined;
    return () => (made ??= make());
}
