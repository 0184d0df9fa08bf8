import { isIPv6 } from "node:net";
import { isDeepStrictEqual } from "node:util";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ObjectStore } from "../contracts/object-store";
import type { Endpoint } from "../contracts/ready";
import type { PlatformSettings } from "../settings/platform";

/** Who stands at the other end: a namespace by name, every namespace, namespaces with a label, addresses, or any at all. */
export type Peer =
    | { namespace: string }
    | "cluster"
    | { namespaceLabels: Record<string, string> }
    | { addresses: readonly string[] }
    | "anywhere";

/** What of a cluster's network policies depend on. `networkPolicies` is off where the CNI does not enforce them. */
export type ClusterNetwork = Pick<PlatformSettings, "networkPolicies" | "dns" | "apiServer">;

export interface Flow {
    /** What the flow is for, as the policy's description has it: `from-prometheus`, `to-object-store`. */
    readonly name: string;
    readonly peer: Peer;
    /** Ports that the target's pods listen on. */
    readonly ports: readonly (number | { port: number; protocol: "TCP" | "UDP" })[];
    /** Limits the flow to these pods of the namespace; absent means all of them. */
    readonly pods?: Record<string, string>;
}

export interface NetworkArgs {
    readonly namespace: string;
    readonly cluster: ClusterNetwork;
    readonly ingress?: readonly Flow[];
    readonly egress?: readonly Flow[];
    /** Lets pods reach the Kubernetes API server, whose address no policy can name: its ports to anywhere. */
    readonly apiServer?: boolean;
}

interface PolicySpec {
    readonly podSelector: { matchLabels?: Record<string, string> };
    readonly policyTypes: ("Ingress" | "Egress")[];
    readonly ingress?: k8s.types.input.networking.v1.NetworkPolicyIngressRule[];
    readonly egress?: k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
}

/** Before a CNI translates the Service's address, and after. */
function toApiServer({ apiServer }: ClusterNetwork): Flow {
    return { name: "to-api-server", peer: "anywhere", ports: [...new Set([443, apiServer.port])] };
}

/** Lookups: at the pods of the DNS Service, and at what answers on the nodes in their stead. */
function dnsRules({ dns }: ClusterNetwork): NonNullable<PolicySpec["egress"]> {
    const on = (port: number) => [
        { port, protocol: "UDP" },
        { port, protocol: "TCP" },
    ];
    return [
        { to: peer({ namespace: dns.namespace }), ports: on(dns.port) },
        ...(dns.addresses.length > 0 ? [{ to: peer({ addresses: dns.addresses }), ports: on(53) }] : []),
    ];
}

function peer(of: Peer): k8s.types.input.networking.v1.NetworkPolicyPeer[] {
    if (of === "anywhere") return [{ ipBlock: { cidr: "0.0.0.0/0" } }, { ipBlock: { cidr: "::/0" } }];
    if (of === "cluster") return [{ namespaceSelector: {} }];
    if ("namespace" in of) {
        return [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": of.namespace } } }];
    }
    if ("addresses" in of) {
        return of.addresses.map((ip) => ({ ipBlock: { cidr: isIPv6(ip) ? `${ip}/128` : `${ip}/32` } }));
    }
    return [{ namespaceSelector: { matchLabels: of.namespaceLabels } }];
}

function ports(of: Flow["ports"]): k8s.types.input.networking.v1.NetworkPolicyPort[] {
    return of.map((p) => (typeof p === "number" ? { port: p, protocol: "TCP" } : p));
}

/** Specs of a namespace's flows by name: nothing in or out, but what is named. Pure. */
export function networkPolicySpecs(args: NetworkArgs): Record<string, PolicySpec> {
    return {
        "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        "same-namespace": {
            podSelector: {},
            policyTypes: ["Ingress", "Egress"],
            ingress: [{ from: [{ podSelector: {} }] }],
            egress: [{ to: [{ podSelector: {} }] }],
        },
        dns: {
            podSelector: {},
            policyTypes: ["Egress"],
            egress: dnsRules(args.cluster),
        },
        ...flowSpecs(args),
    };
}

/** All pods of the namespace where the flow names none. */
function selectorOf({ pods }: Flow): PolicySpec["podSelector"] {
    return pods === undefined || Object.keys(pods).length === 0 ? {} : { matchLabels: pods };
}

/** Specs of the flows alone. */
function flowSpecs(args: NetworkArgs): Record<string, PolicySpec> {
    const specs: Record<string, PolicySpec> = {};
    for (const flow of args.ingress ?? []) {
        specs[flow.name] = {
            podSelector: selectorOf(flow),
            policyTypes: ["Ingress"],
            ingress: [{ from: peer(flow.peer), ports: ports(flow.ports) }],
        };
    }
    for (const flow of [...(args.egress ?? []), ...(args.apiServer === true ? [toApiServer(args.cluster)] : [])]) {
        specs[flow.name] = {
            podSelector: selectorOf(flow),
            policyTypes: ["Egress"],
            egress: [{ to: peer(flow.peer), ports: ports(flow.ports) }],
        };
    }
    return specs;
}

/** Makes a namespace's policies. */
export function networkPolicies(args: NetworkArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
    return make(args, networkPolicySpecs(args), opts);
}

/** Makes further flows of a namespace whose policies another system makes: of pods that no policy of that is about alone. */
export function addedPolicies(args: NetworkArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
    return make(args, flowSpecs(args), opts);
}

/** Of the pods of a namespace. */
const ALL_PODS = "all-pods";

function make(
    { namespace, cluster }: NetworkArgs,
    specs: Record<string, PolicySpec>,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    if (!cluster.networkPolicies) return [];
    return [...byPods(specs)].map(([name, { flows, spec }]) => {
        const annotations = { "kubernetes.io/description": flows.join(", ") };
        return new k8s.networking.v1.NetworkPolicy(
            `${namespace}-${name}`,
            { metadata: { name, namespace, annotations }, spec },
            opts,
        );
    });
}

interface Policy {
    /** The names of what it lets pass. */
    readonly flows: readonly string[];
    readonly spec: PolicySpec;
}

/**
 * One policy for the same pods in place of one for each flow, by its name: what policies let pass adds up, and each object is
 * asked of the API server, judged and written down at every update. Pure.
 * @throws Error where two groups of pods would have one name: a fault of the program, never of the settings.
 */
export function byPods(specs: Record<string, PolicySpec>): ReadonlyMap<string, Policy> {
    const policies = new Map<string, Policy>();
    for (const [flow, { podSelector, policyTypes, ingress, egress }] of Object.entries(specs)) {
        const { matchLabels = {} } = podSelector;
        // What its labels are about says which pods they are: the names of labels are the same everywhere.
        const name = [...new Set(Object.values(matchLabels))].join("-") || ALL_PODS;
        const { flows, spec } = policies.get(name) ?? { flows: [], spec: { podSelector, policyTypes: [] } };
        if (!isDeepStrictEqual(spec.podSelector, podSelector)) throw new Error(`two groups of pods are named ${name}`);
        policies.set(name, {
            flows: [...flows, flow],
            spec: {
                podSelector,
                policyTypes: [...new Set([...spec.policyTypes, ...policyTypes])],
                ...both("ingress", spec.ingress, ingress),
                ...both("egress", spec.egress, egress),
            },
        });
    }
    return policies;
}

function both<Rule>(direction: "ingress" | "egress", one: Rule[] = [], other: Rule[] = []): Record<string, Rule[]> {
    const rules = [...one, ...other];
    return rules.length > 0 ? { [direction]: rules } : {};
}

/** Who stands at an endpoint. */
export function peerOf({ namespace }: Endpoint): Peer {
    return namespace === undefined ? "anywhere" : { namespace };
}

/** A flow to an endpoint. */
export function flowTo(name: string, endpoint: Endpoint, pods?: Record<string, string>): Flow {
    return { name, peer: peerOf(endpoint), ports: [endpoint.podPort], ...(pods && { pods }) };
}

/** Flows to the buckets, and to what hands pods keys for them on their node. */
export function flowsToBuckets(
    { peer, identityAgents }: Pick<ObjectStore, "peer" | "identityAgents">,
    pods?: Record<string, string>,
): Flow[] {
    const agents: Flow = {
        name: "to-identity-agent",
        peer: { addresses: identityAgents },
        ports: [80],
        ...(pods && { pods }),
    };
    return [flowTo("to-object-store", peer, pods), ...(identityAgents.length > 0 ? [agents] : [])];
}

/**
 * Flows to URLs: their ports at any address, as policies know no names, and any port of the cluster's pods where a URL is
 * in the cluster.
 * @param more ports beside those of the URLs.
 */
export function flowsToUrls(
    name: string,
    pods: Record<string, string>,
    to: readonly string[],
    more: readonly number[],
): Flow[] {
    const urls = to.map((each) => new URL(each));
    const ports = [...new Set([...more, ...urls.map(portOf)])].sort((a, b) => a - b);
    return [
        { name: `${name}-outside`, peer: "anywhere", ports, pods },
        ...(urls.some(({ hostname }) => inCluster(hostname))
            ? [{ name: `${name}-inside`, peer: "cluster" as const, ports: [], pods }]
            : []),
    ];
}

function portOf({ port, protocol }: URL): number {
    if (port !== "") return Number(port);
    return protocol === "https:" ? 443 : 80;
}

/** `hook`, `hook.team.svc`, `hook.team.svc.cluster.local`. */
function inCluster(host: string): boolean {
    return !host.includes(".") || /\.svc(\.cluster\.local)?$/.test(host);
}
