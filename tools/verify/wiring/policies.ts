import { BlockList, isIPv6 } from "node:net";
import { isRecord, record, records, strings } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Pods } from "../pods";
import { selects } from "../selectors";
import { specOf } from "../cluster-model";
import { openPort, type Endpoint, type Protocol } from "./endpoints";
import type { Wiring } from "./wiring";

/** Who stands at an end of a connection. */
export type End =
    | { readonly kind: "pods"; readonly pods: Pods }
    /** Outside of the pods: an address, or one that only the cluster knows. */
    | { readonly kind: "address"; readonly address: string | undefined }
    /** Pods that the stack does not render, in a namespace that is not its own, such as an ingress controller's. */
    | { readonly kind: "strangers" };

export interface Connection {
    readonly from: End;
    readonly to: End;
    /** Of the pods that listen, not of a Service. */
    readonly port: number;
    readonly protocol: Protocol;
}

type Direction = "Ingress" | "Egress";

/** What keeps a connection from being made, by the NetworkPolicies' rules; undefined where nothing does. */
export function blockedBy(
    wiring: Wiring,
    connection: Connection,
): { direction: Direction; policies: string[] } | undefined {
    for (const direction of ["Egress", "Ingress"] as const) {
        const held = direction === "Egress" ? connection.from : connection.to;
        if (held.kind !== "pods") continue;
        const policies = policiesOf(wiring, held.pods, direction);
        // No policy of this direction: everything may pass. Otherwise any rule of any of them lets it pass.
        if (policies.length === 0 || policies.some((policy) => lets(wiring, policy, direction, connection))) continue;
        return { direction, policies: policies.map(({ object }) => object.metadata.name) };
    }
    return undefined;
}

/** A label, as `KEY: VALUE`, by which a policy of the callee lets other namespaces in; undefined where none does. */
export function openingLabel(wiring: Wiring, connection: Connection): string | undefined {
    const { to } = connection;
    if (to.kind !== "pods") return undefined;
    return policiesOf(wiring, to.pods, "Ingress")
        .flatMap((policy) => records(specOf(policy.object).ingress))
        .filter((rule) => isPort(rule, connection))
        .flatMap((rule) => records(rule.from))
        .flatMap(({ namespaceSelector }) => Object.entries(record(record(namespaceSelector).matchLabels)))
        .filter(([key]) => key !== "kubernetes.io/metadata.name")
        .map(([key, value]) => `${key}: ${String(value)}`)[0];
}

/** Policies that open a port of pods to every pod of a namespace with these labels. */
export function openedTo(
    wiring: Wiring,
    labels: Readonly<Record<string, string>>,
    { pods, port, protocol }: Endpoint,
): RenderedObject[] {
    const connection: Connection = { from: { kind: "strangers" }, to: { kind: "pods", pods }, port, protocol };
    return policiesOf(wiring, pods, "Ingress").filter((policy) =>
        records(specOf(policy.object).ingress).some(
            (rule) =>
                isPort(rule, connection) &&
                (records(rule.from).length === 0 ||
                    records(rule.from).some(
                        ({ namespaceSelector, ipBlock }) =>
                            isRecord(ipBlock) || (isRecord(namespaceSelector) && selects(namespaceSelector, labels)),
                    )),
        ),
    );
}

/** Policies that hold pods in a direction. Pods on the host's network are held by none. */
function policiesOf(wiring: Wiring, pods: Pods, direction: Direction): RenderedObject[] {
    if (pods.spec.hostNetwork === true) return [];
    return wiring.model.ofKind("NetworkPolicy").filter((policy) => {
        const spec = specOf(policy.object);
        return (
            policy.namespace === pods.namespace &&
            typesOf(spec).includes(direction) &&
            selects(record(spec.podSelector), pods.labels)
        );
    });
}

/** Absent `policyTypes` mean ingress, and egress too where there is a rule of it. */
function typesOf(spec: Record<string, unknown>): string[] {
    const { policyTypes, egress } = spec;
    if (Array.isArray(policyTypes) && policyTypes.length > 0) return strings(policyTypes);
    return Array.isArray(egress) && egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function lets(wiring: Wiring, policy: RenderedObject, direction: Direction, connection: Connection): boolean {
    const spec = specOf(policy.object);
    const rules = records(direction === "Egress" ? spec.egress : spec.ingress);
    const other = direction === "Egress" ? connection.to : connection.from;
    return rules.some((rule) => {
        const peers = records(direction === "Egress" ? rule.to : rule.from);
        return (
            // A rule without peers is for everyone, one without ports for every port.
            (peers.length === 0 || peers.some((peer) => isPeer(wiring, policy, peer, other))) &&
            isPort(rule, connection)
        );
    });
}

/**
 * Pods are matched by selectors and never by `ipBlock`: CNIs differ in whether addresses count for pods. An address that
 * only the cluster knows counts as inside of any range.
 */
function isPeer(wiring: Wiring, policy: RenderedObject, peer: Record<string, unknown>, end: End): boolean {
    const { ipBlock, namespaceSelector, podSelector } = peer;
    if (isRecord(ipBlock)) {
        if (end.kind === "address") return end.address === undefined || inBlock(ipBlock, end.address);
        // On the host's network a pod has its node's address.
        return end.kind === "pods" && end.pods.spec.hostNetwork === true;
    }
    if (end.kind === "address") return false;
    if (end.kind === "strangers") return isRecord(namespaceSelector);
    if (end.pods.spec.hostNetwork === true) return false;
    const { namespace, labels } = end.pods;
    const inNamespace = isRecord(namespaceSelector)
        ? selects(namespaceSelector, wiring.labelsOf(namespace))
        : namespace === policy.namespace;
    return inNamespace && (!isRecord(podSelector) || selects(podSelector, labels));
}

function inBlock({ cidr, except }: Record<string, unknown>, address: string): boolean {
    return inRange(cidr, address) && !strings(except).some((range) => inRange(range, address));
}

function inRange(cidr: unknown, address: string): boolean {
    const [network = "", prefix = ""] = String(cidr).split("/");
    const family = isIPv6(network) ? "ipv6" : "ipv4";
    if (family !== (isIPv6(address) ? "ipv6" : "ipv4")) return false;
    const range = new BlockList();
    range.addSubnet(network, Number(prefix), family);
    return range.check(address, family);
}

function isPort(rule: Record<string, unknown>, { to, port, protocol }: Connection): boolean {
    const ports = records(rule.ports);
    return (
        ports.length === 0 ||
        ports.some((each) => {
            if ((each.protocol ?? "TCP") !== protocol) return false;
            if (each.port === undefined) return true;
            // A name is looked up in the pods that listen, whichever way the policy looks.
            if (typeof each.port === "string") {
                return to.kind === "pods" && openPort(to.pods, each.port, protocol) === port;
            }
            const first = Number(each.port);
            return port >= first && port <= (typeof each.endPort === "number" ? each.endPort : first);
        })
    );
}
