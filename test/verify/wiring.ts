import { document } from "./manifests";

/** The namespaces `ns` and `store`. */
export const NAMESPACES = ["ns", "store"]
    .map((name) => document({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { team: name } } }))
    .join("");

interface More {
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly pod?: Record<string, unknown>;
    readonly container?: Record<string, unknown>;
}

type Port = Record<string, unknown>;

/** A Deployment whose pods carry `app: NAME`. */
export function deployment(name: string, ports: Port[], more: More = {}): string {
    return document({ apiVersion: "apps/v1", kind: "Deployment", ...workload(name, ports, more, {}) });
}

export function statefulSet(name: string, replicas: number, ports: Port[], serviceName: string): string {
    return document({
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        ...workload(name, ports, {}, { replicas, serviceName }),
    });
}

function workload(name: string, ports: Port[], more: More, spec: Record<string, unknown>): Record<string, unknown> {
    const labels = { app: name, ...more.labels };
    const containers = [{ name: "main", ports, ...more.container }];
    return {
        metadata: { name, ...(more.namespace !== undefined && { namespace: more.namespace }) },
        spec: { ...spec, template: { metadata: { labels }, spec: { containers, ...more.pod } } },
    };
}

interface ServiceMore {
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly selector?: Record<string, string>;
    readonly headless?: boolean;
}

/** A Service of the same name as the pods that it selects, and with their label. */
export function service(name: string, ports: Port[], more: ServiceMore = {}): string {
    const { namespace, labels = { app: name }, selector = { app: name }, headless = false } = more;
    return document({
        ...{ apiVersion: "v1", kind: "Service" },
        metadata: { name, labels, ...(namespace !== undefined && { namespace }) },
        spec: { selector, ports, ...(headless && { clusterIP: "None" }) },
    });
}

export function configMap(data: Record<string, string>, name = "config"): string {
    return document({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data });
}

export function secret(stringData: Record<string, string>, name: string, namespace = "ns"): string {
    return document({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, stringData });
}
