import type { Settings } from "../program";
import { at, record, records, strings } from "../../records";
import { PROGRAM, type KubernetesObject, type RenderedObject } from "../../render/manifests";
import { podsOf, type Pods } from "../pods";
import type { ClusterModel } from "../cluster-model";

/** What stands in the cluster beside this stack and is called by it. */
export interface ClusterOwn {
    readonly services: readonly RenderedObject[];
    readonly pods: readonly Pods[];
}

interface Part {
    readonly namespace: string;
    /** Name of the pods, and of their Service. */
    readonly name: string;
    /** Whether the cluster has a Service for them. */
    readonly service: boolean;
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

/** The API server and the DNS server as the settings say, and the control plane as kubeadm makes it. */
const partsOf = ({ dns, apiServer }: Settings["platform"]): readonly Part[] => [
    {
        namespace: "default",
        name: "kubernetes",
        service: true,
        labels: { component: "apiserver", provider: "kubernetes" },
        ports: [{ name: "https", port: 443, target: apiServer.port }],
        hostNetwork: true,
    },
    {
        namespace: dns.namespace,
        name: dns.service,
        service: true,
        // The label that CoreDNS and kube-dns have everywhere but on OpenShift.
        labels: { "k8s-app": "kube-dns" },
        ports: [
            { name: "dns", port: 53, target: dns.port, protocol: "UDP" },
            { name: "dns-tcp", port: 53, target: dns.port },
            { name: "metrics", port: 9153 },
        ],
        hostNetwork: false,
    },
    ...[
        { name: "kube-controller-manager", port: 10257 },
        { name: "kube-scheduler", port: 10259 },
        { name: "etcd", port: 2381 },
    ].map(({ name, port }) => onHosts(name, { component: name }, port)),
    onHosts("kube-proxy", { "k8s-app": "kube-proxy" }, 10249),
];

/** A part of the control plane as kubeadm runs it: it gives metrics, and has no Service until somebody makes one. */
function onHosts(name: string, labels: Record<string, string>, port: number): Part {
    return {
        namespace: "kube-system",
        name,
        service: false,
        labels,
        ports: [{ name: "metrics", port }],
        hostNetwork: true,
    };
}

export function clusterOwn(model: ClusterModel): ClusterOwn {
    const parts = [...partsOf(model.settings.platform), ...kubelets(model)];
    return {
        services: parts.filter(({ service }) => service).map((part) => placed(part.namespace, serviceOf(part))),
        pods: parts.flatMap((part) => podsOf(placed(part.namespace, workloadOf(part)))),
    };
}

/** The Service of the kubelets that the Prometheus operator keeps, where its flag asks for one. */
function kubelets(model: ClusterModel): Part[] {
    return model
        .ofKind("Deployment")
        .flatMap(({ object }) => records(at(object, "spec.template.spec.containers")))
        .flatMap(({ args }) => strings(args))
        .flatMap((arg) => {
            const [, namespace, name] = /^--kubelet-service=([^/]+)\/(.+)$/.exec(arg) ?? [];
            if (namespace === undefined || name === undefined) return [];
            return [
                {
                    ...{ namespace, name, service: true, hostNetwork: true },
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

function serviceOf({ name: called, labels, ports }: Part): KubernetesObject {
    return {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: called, labels },
        spec: {
            selector: labels,
            ports: ports.map(({ name, port, target, protocol }) => ({
                ...{ name, port, targetPort: target ?? port, protocol: protocol ?? "TCP" },
            })),
        },
    };
}

function workloadOf({ name, labels, ports, hostNetwork }: Part): KubernetesObject {
    const open = ports.map(({ port, target, protocol }) => ({
        containerPort: target ?? port,
        protocol: protocol ?? "TCP",
    }));
    const spec = { hostNetwork, containers: [{ name, ports: open }] };
    return {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { name },
        spec: { template: record({ metadata: { labels }, spec }) },
    };
}
