import { isIP } from "node:net";
import { at, record, records } from "../../records";
import { specOf, type ClusterModel } from "../cluster-model";
import type { Pods } from "../pods";
import { isHeadless, openPort, podsBehind, portsOf, resolve, type Endpoint, type Protocol } from "./endpoints";
import { mentionsOf } from "./mentions";
import { scrapesOf } from "./monitors";
import type { Connection, End } from "./policies";
import { backends } from "./references";
import { wiringOf, type Wiring } from "./wiring";

/** A connection that something in the stack will make, and where that is said. */
export interface Path extends Connection {
    readonly why: string;
}

/** Every connection that can be told from what is rendered. */
export function pathsOf(model: ClusterModel): Path[] {
    const wiring = wiringOf(model);
    return [
        ...[called(wiring), scraped(model), hooked(wiring), entered(wiring), toApiServer(wiring)].flat(),
        ...amongOperated(wiring),
    ];
}

function pods(of: Pods): End {
    return { kind: "pods", pods: of };
}

function toEndpoint(from: End, { pods: to, port, protocol }: Endpoint, why: string): Path {
    return { from, to: pods(to), port, protocol, why };
}

/** Addresses in what pods read; a name is looked up first. */
function called(wiring: Wiring): Path[] {
    const lookup = lookupsOf(wiring);
    return mentionsOf(wiring.model).flatMap(({ address, namespace, callers, path }) => {
        const resolved = resolve(wiring, address, namespace);
        const why = `${address.text} at ${path.join(" > ")}`;
        const ip = isIP(address.host) === 0 ? undefined : address.host;
        return callers.flatMap((caller): Path[] => {
            const from = pods(caller);
            const lookups = ip === undefined ? lookup(from, `the name of ${why}`) : [];
            if (resolved.kind === "endpoints") {
                return [...lookups, ...resolved.endpoints.map((end) => toEndpoint(from, end, why))];
            }
            if (resolved.kind !== "outside" || address.port === undefined) return [];
            const to: End = { kind: "address", address: ip };
            return [...lookups, { from, to, port: address.port, protocol: "TCP", why }];
        });
    });
}

/** The ways to whom names are asked: the DNS Service's pods, and what answers on the nodes. */
function lookupsOf(wiring: Wiring): (from: End, why: string) => Path[] {
    const { service, namespace, addresses } = wiring.model.settings.platform.dns;
    const dns = wiring.serviceOf(namespace, service);
    const names = dns === undefined ? [] : behind(wiring, dns, (port) => port.port === 53);
    const nodes = addresses.flatMap((address) => (["UDP", "TCP"] as const).map((protocol) => ({ address, protocol })));
    return (from, why) => [
        ...names.map((end) => toEndpoint(from, end, why)),
        ...nodes.map(({ address, protocol }): Path => ({
            from,
            to: { kind: "address", address },
            port: 53,
            protocol,
            why,
        })),
    ];
}

function scraped(model: ClusterModel): Path[] {
    return scrapesOf(model).flatMap(({ monitor, scrapers, targets }) =>
        scrapers.flatMap((scraper) =>
            targets.map((target) =>
                toEndpoint(pods(scraper), target, `${monitor.object.kind} ${monitor.object.metadata.name}`),
            ),
        ),
    );
}

/** Webhooks, which the API server calls from an address of its own. */
function hooked(wiring: Wiring): Path[] {
    const kinds = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"];
    return kinds
        .flatMap((kind) => wiring.model.ofKind(kind))
        .flatMap(({ object }) => records(object.webhooks))
        .flatMap((hook) => {
            const { namespace, name, port } = record(at(hook, "clientConfig.service"));
            const service = wiring.serviceOf(String(namespace), String(name));
            if (service === undefined) return [];
            const ends = behind(wiring, service, (each) => each.port === (port ?? 443));
            const from: End = { kind: "address", address: undefined };
            return ends.map((end) => toEndpoint(from, end, `webhook ${String(hook.name)}`));
        });
}

/** What an Ingress opens to its controller, which the stack does not render. */
function entered(wiring: Wiring): Path[] {
    return wiring.model.ofKind("Ingress").flatMap((ingress) =>
        backends(specOf(ingress.object)).flatMap((backend) => {
            const { name, port } = record(backend.service);
            const service = wiring.serviceOf(ingress.namespace ?? "default", String(name));
            if (service === undefined) return [];
            const { name: portName, number } = record(port);
            const ends = behind(wiring, service, (each) =>
                number === undefined ? each.name === portName : each.port === number,
            );
            return ends.map((end) => toEndpoint({ kind: "strangers" }, end, `Ingress ${ingress.object.metadata.name}`));
        }),
    );
}

/** Pods whose service account is given rights use them at the API server. */
function toApiServer(wiring: Wiring): Path[] {
    const bound = new Set(
        ["RoleBinding", "ClusterRoleBinding"]
            .flatMap((kind) => wiring.model.ofKind(kind))
            .flatMap((binding) =>
                records(binding.object.subjects)
                    .filter(({ kind }) => kind === "ServiceAccount")
                    .map(({ namespace, name }) => account(namespace ?? binding.namespace, name)),
            ),
    );
    const server = wiring.serviceOf("default", "kubernetes");
    const ends = server === undefined ? [] : behind(wiring, server, () => true);
    return wiring.model.pods
        .filter((each) => bound.has(account(each.namespace, each.spec.serviceAccountName)))
        .flatMap((each) =>
            ends.map((end) => toEndpoint(pods(each), end, "the API server, where its service account has rights")),
        );
}

function account(namespace: unknown, name: unknown): string {
    return `${String(namespace)}/${typeof name === "string" ? name : "default"}`;
}

/** Ports by name that pods of the operators' resources open to each other and to their operator. */
const AMONG: Readonly<Record<string, readonly { port: string; protocol: Protocol; fromOperator?: string }[]>> = {
    // cloudnative-pg, pkg/specs/pods.go and pkg/url: replication, and the status that the operator asks for.
    Cluster: [
        { port: "postgresql", protocol: "TCP" },
        { port: "status", protocol: "TCP", fromOperator: "cloudnative-pg" },
    ],
    // prometheus-operator, pkg/alertmanager/statefulset.go: the members' gossip.
    Alertmanager: [
        { port: "mesh-tcp", protocol: "TCP" },
        { port: "mesh-udp", protocol: "UDP" },
    ],
};

function amongOperated({ pods: all, model }: Wiring): Path[] {
    return Object.entries(AMONG).flatMap(([kind, ports]) =>
        model.ofKind(kind).flatMap((owner) => {
            const own = all.filter((each) => each.owner === owner);
            if (own.reduce((count, { replicas }) => count + (replicas ?? 0), 0) < 2) return [];
            return ports.flatMap(({ port, protocol, fromOperator }) => {
                const callers =
                    fromOperator === undefined
                        ? own
                        : all.filter(({ labels }) => labels["app.kubernetes.io/name"] === fromOperator);
                return own.flatMap((each) => {
                    const open = openPort(each, port, protocol);
                    if (open === undefined) return [];
                    const why = fromOperator === undefined ? "its members among themselves" : "its operator";
                    return callers.map((from) => toEndpoint(pods(from), { pods: each, port: open, protocol }, why));
                });
            });
        }),
    );
}

/** Where the ports of a Service that are asked for lead. */
function behind(
    wiring: Wiring,
    service: Parameters<typeof portsOf>[0],
    asked: (port: ReturnType<typeof portsOf>[number]) => boolean,
): Endpoint[] {
    return portsOf(service)
        .filter(asked)
        .flatMap((port) =>
            podsBehind(wiring, service).flatMap((each) => {
                const target = isHeadless(service) && typeof port.target === "number" ? port.port : port.target;
                const open = openPort(each, target, port.protocol);
                return open === undefined ? [] : [{ pods: each, port: open, protocol: port.protocol }];
            }),
        );
}
