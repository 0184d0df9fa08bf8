import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { at, records } from "../../../tools/records";
import type { Kubectl, KubernetesObject } from "../kubectl";
import { until } from "../until";
import { CLIENT, clientObjects } from "./client";
import { FRIEND, type Deployment } from "./deployment";
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

/** Milliseconds for which a node or a server is away, and seconds for which the API server is. */
const AWAY = 90_000;
const API_SERVER_AWAY = 300;
/** Milliseconds until the API server has heard that a pod has ended. */
const HEARD = 5000;

/** Kinds of pods that end together, one of each store: a signal has one store, so that no failure hides another's cost. */
const KINDS: Readonly<Record<string, RegExp>> = {
    ingester: /-ingester$/,
    distributor: /-distributor$/,
    gateway: /\/(cortex-nginx|loki-gateway|tempo-gateway)$/,
    "querier, ruler, metrics generator": /-(querier|ruler|metrics-generator)$/,
    "query frontend, query scheduler": /-query-(frontend|scheduler)$/,
    "store gateway, index gateway, compactor": /-((store|index)-gateway|compactor)$/,
    "every cache, the canaries": /memcached|-cache$|-canary$|-vulture$/,
    "collectors of Alloy": /-alloy-(receiver|metrics|events)$/,
    "MinIO's server": /^minio\/minio$/,
};
/** What keeps no data, and that none goes through. */
const ASIDE = /-operator$/;

/**
 * One after another, what is worst first.
 * @param prod it is up by the time that the first one fails.
 */
export function prodFailures(prod: () => Deployment): Failure[] {
    const node = once(() => nodeWithout(prod().kubectl, FRIEND));
    const healed = async () => {
        await sleep(HEARD);
        await prod().ready();
    };
    return [
        {
            name: "a node killed, and back after 90 s",
            fail: async () => {
                const { index } = await node();
                await prod().ground.kill(index);
                await sleep(AWAY);
                await prod().ground.start(index);
                return undefined;
            },
            healed: async (since) => prod().ready({ since, node: (await node()).name }),
        },
        ...Object.entries(KINDS).map(([kind, of]) => ({
            name: `killed: ${kind}`,
            fail: () => killOfEach(prod().kubectl, of),
            healed,
        })),
        {
            name: "every store's key rotated, by an `up`",
            fail: async () => {
                await prod().change({ objectStore: { rotation: { metrics: 2, logs: 2, traces: 2 } } });
                return undefined;
            },
            healed,
        },
        fullVolumes(prod, ["cortex/cortex-ingester", "loki/loki-ingester", "tempo/tempo-ingester"]),
        {
            name: "MinIO short of a server for 90 s",
            fail: async () => {
                const { kubectl } = prod();
                const pod = await podOf(kubectl, "minio/minio");
                const on = String(pod.spec?.nodeName);
                await kubectl.start(["cordon", on]);
                await kill(kubectl, pod);
                await sleep(AWAY);
                await kubectl.start(["uncordon", on]);
                return undefined;
            },
            healed,
        },
        {
            name: "the API server away for five minutes",
            fail: async () =>
                (await prod().ground.pause(API_SERVER_AWAY))
                    ? undefined
                    : "REAL_NODES names a program that cannot pause it",
            healed,
        },
        {
            name: "a node drained, and taken back",
            fail: async () => {
                const { kubectl } = prod();
                const { name } = await node();
                const flags = ["--ignore-daemonsets", "--delete-emptydir-data", "--timeout=20m"];
                // Pods to call from have no maker, and would not come back.
                const made = `--pod-selector=app.kubernetes.io/name!=${CLIENT}`;
                await kubectl.start(["drain", name, ...flags, made]);
                await kubectl.start(["uncordon", name]);
                return undefined;
            },
            healed,
        },
        {
            name: "every workload rolled",
            fail: async () => {
                const { kubectl } = prod();
                const sets = (
                    await Promise.all(["deployments", "statefulsets"].map((kind) => kubectl.list(kind)))
                ).flat();
                const own = sets.filter(({ metadata }) => PLATFORM.includes(metadata.namespace ?? ""));
                for (const { kind, metadata } of own) {
                    const at = ["-n", metadata.namespace ?? "", `${kind}/${metadata.name}`];
                    await kubectl.start(["rollout", "restart", ...at]);
                }
                for (const { kind, metadata } of own) {
                    const at = ["-n", metadata.namespace ?? "", `${kind}/${metadata.name}`];
                    await kubectl.start(["rollout", "status", "--timeout=30m", ...at]);
                }
                return undefined;
            },
            healed,
        },
    ];
}

/** One pod of each maker of a kind, without grace. */
async function killOfEach(kubectl: Kubectl, kind: RegExp): Promise<string | undefined> {
    const made = [...(await podsByMaker(kubectl, STORES))].filter(([maker]) => !ASIDE.test(maker));
    const unknown = made.filter(([maker]) => !Object.values(KINDS).some((each) => each.test(maker)));
    assert.deepEqual(
        unknown.map(([maker]) => maker),
        [],
        "of no kind",
    );
    const killed = made.flatMap(([maker, [pod]]) => (kind.test(maker) && pod !== undefined ? [pod] : []));
    await Promise.all(killed.map((pod) => kill(kubectl, pod)));
    return killed.length === 0 ? "there is none" : undefined;
}

async function kill(kubectl: Kubectl, { metadata: { name, namespace = "" } }: KubernetesObject): Promise<void> {
    await kubectl.start(["delete", "pod", "-n", namespace, name, "--grace-period=0", "--force"]);
}

/** Of each a member's volume is filled by a neighbour that mounts it too, and then emptied of that again. */
function fullVolumes(prod: () => Deployment, makers: readonly string[]): Failure {
    const fillers = makers.map((maker) => ({ maker, name: "filler", namespace: maker.split("/")[0] ?? "" }));
    return {
        name: "an ingester's volume full for 90 s, of each store",
        fail: async () => {
            const { kubectl, image } = prod();
            for (const { maker, ...filler } of fillers) {
                const pod = await podOf(kubectl, maker);
                const claim = records(at(pod.spec, "volumes")).find((volume) => "persistentVolumeClaim" in volume);
                assert.ok(claim, `${maker} has no volume`);
                kubectl.apply(fillerPod(filler, image, pod, claim));
            }
            await until(
                "the volumes are full",
                async () => {
                    const said = await Promise.all(
                        fillers.map(({ name, namespace }) =>
                            kubectl.start(["logs", "-n", namespace, name]).catch(() => ({ stdout: "" })),
                        ),
                    );
                    return said.every(({ stdout }) => stdout.includes("full"));
                },
                2000,
            );
            await sleep(AWAY);
            for (const { name, namespace } of fillers)
                await kubectl.start(["delete", "pod", "-n", namespace, name, "--grace-period=30"]);
            return undefined;
        },
        healed: () => prod().ready(),
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
