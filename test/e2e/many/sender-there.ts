import assert from "node:assert/strict";
import type { RealNodes } from "../real-nodes/ground";
import { Client, clientObjects } from "../real-nodes/client";
import { furnishedNodes } from "../real-nodes/deployment";
import type { Outputs } from "../real-nodes/doors";
import { unready } from "../real-nodes/pods";
import { Kubectl } from "../kubectl";
import { lineOf, SHOP } from "../pod-files";
import { until } from "../until";
import type { SendingCluster } from "./sender-here";

/*
 * A sending cluster whose node runs its containers. The hub has a name there, as it has in anybody's DNS: of a Service
 * without pods, in front of a port of this machine.
 */

const OUTSIDE = "outside";
const NAME = "push";

/** Parent of the host names of a hub that pods of a real cluster find. */
export const HUB_DOMAIN = `${OUTSIDE}.svc.cluster.local`;

/** Nodes for a sending cluster, from which the hub is reached; what is missing, where there are none. */
export async function nodesThatSend(folder: string, hubPort: number): Promise<FurnishedSender | string> {
    const shape = { stack: "edge", nodes: 1, zones: 1, settings: { survives: "nothing" } };
    const furnished = await furnishedNodes(folder, shape);
    if (typeof furnished === "string") return furnished;
    const { ground, image } = furnished;
    const address = await ground.reach(hubPort, 443);
    if (address === undefined) {
        ground.down();
        return "the program of REAL_NODES lets pods reach no port of this machine";
    }
    const kubectl = new Kubectl(ground.kubeconfig);
    for (const object of named(address)) kubectl.apply(object);
    return { ground, image };
}

export interface FurnishedSender {
    readonly ground: RealNodes;
    /** One with a shell. */
    readonly image: string;
}

function named(address: string): object[] {
    const metadata = { name: NAME, namespace: OUTSIDE, labels: { "kubernetes.io/service-name": NAME } };
    const ports = [{ name: "https", port: 443, protocol: "TCP" }];
    return [
        { apiVersion: "v1", kind: "Namespace", metadata: { name: OUTSIDE } },
        { apiVersion: "v1", kind: "Service", metadata, spec: { clusterIP: "None", ports } },
        {
            apiVersion: "discovery.k8s.io/v1",
            kind: "EndpointSlice",
            metadata,
            addressType: "IPv4",
            ports,
            endpoints: [{ addresses: [address], conditions: { ready: true } }],
        },
    ];
}

/** The cluster once its stack is up: its pods send, and one pod of a user's has lines and a metric and pushes. */
export async function startPods(
    { ground, image }: FurnishedSender,
    push: Outputs["push"],
    lines: number,
): Promise<SendingCluster> {
    const kubectl = new Kubectl(ground.kubeconfig);
    const labels = { "observability-platform/ingest": "allowed" };
    for (const object of clientObjects(SHOP.namespace, image, labels)) kubectl.apply(object);
    await until("pods are ready", async () => (await unready(kubectl)).join(", "));
    const client = new Client(ground.kubeconfig, SHOP.namespace);
    await client.log(Array.from({ length: lines }, (_, i) => lineOf(i)).join("\n"));
    const door = push.otlpHttp ?? assert.fail("no output push.otlpHttp");
    const headers = { "content-type": "application/x-protobuf" };
    return {
        scraped: {
            'prometheus_build_info{job="kps-prometheus"}': 1,
            [`e2e_client_up{namespace="${SHOP.namespace}"}`]: 1,
            [`kube_pod_info{namespace="${SHOP.namespace}"}`]: 1,
        },
        push: async (signal, body) => (await client.call(`${door}/v1/${signal}`, { headers, body })).status === 200,
        // A Deployment's own doing, which `pulumi up` has waited for.
        gateway: () => Promise.resolve(),
        stop: () => Promise.resolve(),
    };
}
