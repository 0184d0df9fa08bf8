import { at, record, records, strings } from "../../records";
import { PROGRAM, type KubernetesObject, type RenderedObject } from "../../render/manifests";
import { podsOf, type Pods } from "../pods";
import type { World } from "../world";

/** What stands in the cluster beside this stack and is called by it. */
export interface ClusterOwn {
    readonly services: readonly RenderedObject[];
    readonly pods: readonly Pods[];
}

interface Part {
    readonly namespace: string;
    readonly service: string;
    /** Labels of the Service and of its pods alike. */
    readonly labels: Record<string, string>;
    readonly ports: readonly Port[];
    /** Its pods stand on the nodes' own addresses, which network policies do not see as pods. */
    readonly hostNetwork: boolean;
}

interface Port {
    readonly name: string;
    readonly port: number;
    readonly target?: number;
    readonly protocol?: "UDP";
}

/** The API server and the DNS server, as kubeadm and the clouds make them. */
const PARTS: readonly Part[] = [
    {
        namespace: "default",
        service: "kubernetes",
        labels: { component: "apiserver", provider: "kubernetes" },
        ports: [{ name: "https", port: 443, target: 6443 }],
        hostNetwork: true,
    },
    {
        namespace: "kube-system",
        service: "kube-dns",
        labels: { "k8s-app": "kube-dns" },
        ports: [
            { name: "dns", port: 53, protocol: "UDP" },
            { name: "dns-tcp", port: 53 },
            { name: "metrics", port: 9153 },
        ],
        hostNetwork: false,
    },
];

export function clusterOwn(world: World): ClusterOwn {
    const parts = [...PARTS, ...kubelets(world)];
    return {
        services: parts.map((part) => placed(part.namespace, serviceOf(part))),
        pods: parts.flatMap((part) => podsOf(placed(part.namespace, workloadOf(part)))),
    };
}

/** The Service of the kubelets that the Prometheus operator keeps, where its flag asks for one. */
function kubelets(world: World): Part[] {
    return world
        .ofKind("Deployment")
        .flatMap(({ object }) => records(at(object, "spec.template.spec.containers")))
        .flatMap(({ args }) => strings(args))
        .flatMap((arg) => {
            const [, namespace, service] = /^--kubelet-service=([^/]+)\/(.+)$/.exec(arg) ?? [];
            if (namespace === undefined || service === undefined) return [];
            return [
                {
                    ...{ namespace, service, hostNetwork: true },
                    labels: { "k8s-app": "kubelet", "app.kubernetes.io/name": "kubelet" },
                    ports: [
                        { name: "https-metrics", port: 10250 },
                        { name: "http-metrics", port: 10255 },
                        { name: "cadvisor", port: 4194 },
                    ],
                },
            ];
        });
}

function placed(namespace: string, object: KubernetesObject): RenderedObject {
    return { release: PROGRAM, namespace, hook: undefined, object };
}

function serviceOf({ service, labels, ports }: Part): KubernetesObject {
    return {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: service, labels },
        spec: {
            selector: labels,
            ports: ports.map(({ name, port, target, protocol }) => ({
                ...{ name, port, targetPort: target ?? port, protocol: protocol ?? "TCP" },
            })),
        },
    };
}

function workloadOf({ service, labels, ports, hostNetwork }: Part): KubernetesObject {
    const open = ports.map(({ port, target, protocol }) => ({
        containerPort: target ?? port,
        protocol: protocol ?? "TCP",
    }));
    const spec = { hostNetwork, containers: [{ name: service, ports: open }] };
    return {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { name: service },
        spec: { template: record({ metadata: { labels }, spec }) },
    };
}
