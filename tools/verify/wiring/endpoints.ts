import { isRecord, record, records } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Pods } from "../pods";
import { matches } from "../selectors";
import { specOf } from "../cluster-model";
import { named, type Address } from "./addresses";
import type { Wiring } from "./wiring";

export type Protocol = "TCP" | "UDP" | "SCTP";

/** Where a connection ends: a port that pods listen on. */
export interface Endpoint {
    readonly pods: Pods;
    readonly port: number;
    readonly protocol: Protocol;
}

/** What stands in the way of an address; `wanted` completes "wanted". */
export interface Problem {
    readonly found: string;
    readonly wanted: string;
}

export type Resolved =
    | { readonly kind: "endpoints"; readonly endpoints: readonly Endpoint[] }
    | { readonly kind: "problem"; readonly problem: Problem }
    | { readonly kind: "outside" }
    /** What it names is known in the cluster only. */
    | { readonly kind: "runtime" };

/** Follows an address to the pods behind it, as DNS and the Services' proxy do. */
export function resolve(wiring: Wiring, address: Address, namespace: string): Resolved {
    const name = named(address, namespace, wiring.hasNamespace);
    if (name.kind === "outside" || name.kind === "runtime") return name;
    if (name.kind === "unset") {
        return problem(
            `${address.text}: nothing sets ${name.variable}`,
            "a variable that its readers' containers have",
        );
    }
    const service = wiring.serviceOf(name.namespace, name.name);
    if (service === undefined) {
        return problem(address.text, `a Service of namespace ${name.namespace} that is rendered: ${name.name} is not`);
    }
    if (specOf(service.object).type === "ExternalName") return { kind: "outside" };
    if (name.pod !== undefined) {
        const missing = podMissing(wiring, service, name.pod);
        if (missing !== undefined) return problem(address.text, missing);
    }
    return throughService(wiring, service, address);
}

function problem(found: string, wanted: string): Resolved {
    return { kind: "problem", problem: { found, wanted } };
}

function throughService(wiring: Wiring, service: RenderedObject, address: Address): Resolved {
    const { name } = service.object.metadata;
    const behind = podsBehind(wiring, service);
    if (behind.length === 0) return problem(address.text, `pods that Service ${name} selects: it selects none`);
    if (address.port === undefined && address.service === undefined) return { kind: "endpoints", endpoints: [] };
    const ports = portsOf(service);
    const list = ports.map(({ port, name: own }) => (own === "" ? String(port) : `${port} (${own})`)).join(", ");
    const asked = ports.find((port) =>
        address.service === undefined
            ? port.port === address.port
            : port.name === address.service.port && port.protocol === address.service.protocol,
    );
    if (isHeadless(service) && address.port !== undefined) {
        // Its name gives the pods' own addresses: no port is translated.
        const protocol = asked?.protocol ?? "TCP";
        return opened(address, behind, address.port, protocol, `Service ${name} is headless`);
    }
    if (asked === undefined) return problem(address.text, `a port that Service ${name} has: ${list}`);
    return opened(address, behind, asked.target, asked.protocol, `Service ${name} leads to port ${asked.target}`);
}

function opened(
    address: Address,
    behind: readonly Pods[],
    target: number | string,
    protocol: Protocol,
    why: string,
): Resolved {
    const endpoints = behind.map((pods) => ({ pods, protocol, port: openPort(pods, target, protocol) }));
    const closed = endpoints.find(({ port }) => port === undefined);
    if (closed !== undefined) {
        return problem(`${address.text}: ${why}`, `a port that ${closed.pods.name} opens: ${openPorts(closed.pods)}`);
    }
    return { kind: "endpoints", endpoints: endpoints.flatMap((each) => (isOpen(each) ? [each] : [])) };
}

function isOpen(each: { port: number | undefined } & Omit<Endpoint, "port">): each is Endpoint {
    return each.port !== undefined;
}

/** `pod.service` is a name that a StatefulSet gives to its pods by its own headless Service. */
function podMissing(wiring: Wiring, service: RenderedObject, pod: string): string | undefined {
    const { name } = service.object.metadata;
    const [, set, last] = /^(.*)-(?:\{\d+\.{3})?(\d+)\}?$/.exec(pod) ?? [];
    const owner = wiring.pods.find(
        (pods) => pods.kind === "StatefulSet" && pods.name === set && pods.namespace === service.namespace,
    );
    if (owner === undefined || specOf(owner.owner.object).serviceName !== name) {
        return `a pod of a StatefulSet that is governed by Service ${name}`;
    }
    if (!isHeadless(service)) return `a headless Service: ${name} gives its pods no names`;
    const count = owner.replicas ?? 0;
    return Number(last) < count ? undefined : `a pod that there is: ${owner.name} has ${count}`;
}

function protocolOf(written: unknown): Protocol {
    return written === "UDP" || written === "SCTP" ? written : "TCP";
}

export interface ServicePort {
    readonly name: string;
    readonly port: number;
    readonly target: number | string;
    readonly protocol: Protocol;
}

export function portsOf(service: RenderedObject): ServicePort[] {
    return records(specOf(service.object).ports).map(({ name, port, targetPort, protocol }) => ({
        name: typeof name === "string" ? name : "",
        port: Number(port),
        target: typeof targetPort === "string" || typeof targetPort === "number" ? targetPort : Number(port),
        protocol: protocolOf(protocol),
    }));
}

export function isHeadless(service: RenderedObject): boolean {
    return specOf(service.object).clusterIP === "None";
}

/** Pods that run on and that a Service selects. */
export function podsBehind(wiring: Wiring, service: RenderedObject): Pods[] {
    const { selector } = specOf(service.object);
    if (!isRecord(selector)) return [];
    return wiring.pods.filter(
        (pods) =>
            pods.kind !== "Job" &&
            pods.kind !== "CronJob" &&
            pods.namespace === service.namespace &&
            matches(selector, pods.labels),
    );
}

interface Opened {
    readonly name: unknown;
    readonly port: number;
    readonly protocol: Protocol;
}

/** Ports that a pod's running containers declare, and those that its probes ask. */
function openedBy({ spec }: Pods): Opened[] {
    const sidecars = records(spec.initContainers).filter(({ restartPolicy }) => restartPolicy === "Always");
    return [...records(spec.containers), ...sidecars].flatMap((container) => [
        ...records(container.ports).map(({ name, containerPort, protocol }) => ({
            name,
            port: Number(containerPort),
            protocol: protocolOf(protocol),
        })),
        ...["readinessProbe", "livenessProbe", "startupProbe"].flatMap((probe) => {
            const { httpGet, tcpSocket, grpc } = record(container[probe]);
            return [httpGet, tcpSocket, grpc]
                .map((each) => record(each).port)
                .filter((port) => typeof port === "number")
                .map((port) => ({ name: undefined, port, protocol: "TCP" as const }));
        }),
    ]);
}

/** A port's number where the pods open it, by number or by name. */
export function openPort(pods: Pods, target: number | string, protocol: Protocol): number | undefined {
    return openedBy(pods).find(
        (each) => each.protocol === protocol && (typeof target === "number" ? each.port : each.name) === target,
    )?.port;
}

/** The ports that pods open, for people. */
export function openPorts(pods: Pods): string {
    const all = openedBy(pods).map(({ name, port }) => (typeof name === "string" ? `${port} (${name})` : String(port)));
    return all.length === 0 ? "none" : [...new Set(all)].join(", ");
}
