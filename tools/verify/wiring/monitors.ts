import { isRecord, record, records, strings } from "../../records";
import type { RenderedObject } from "../../render/manifests";
import type { Pods } from "../pods";
import { selects } from "../selectors";
import { nameOf, specOf, type ClusterModel } from "../cluster-model";
import { addressesIn } from "./addresses";
import { openPort, openPorts, podsBehind, portsOf, resolve, type Endpoint, type Problem } from "./endpoints";
import { wiringOf, type Wiring } from "./wiring";

/** What one endpoint of a ServiceMonitor, PodMonitor or Probe makes a Prometheus scrape. */
export interface Scrape {
    readonly monitor: RenderedObject;
    /** Pods of the Prometheus servers that select the monitor. */
    readonly scrapers: readonly Pods[];
    readonly targets: readonly Endpoint[];
    /** What tells a target of the same port apart: the path and its parameters. */
    readonly path: string;
    /** Relabelling may drop some of the targets. */
    readonly filtered: boolean;
    readonly problems: readonly Problem[];
}

/** Fields by which a Prometheus selects what it reads. */
const SELECTORS = {
    ServiceMonitor: { selector: "serviceMonitorSelector", namespaces: "serviceMonitorNamespaceSelector" },
    PodMonitor: { selector: "podMonitorSelector", namespaces: "podMonitorNamespaceSelector" },
    Probe: { selector: "probeSelector", namespaces: "probeNamespaceSelector" },
    ScrapeConfig: { selector: "scrapeConfigSelector", namespaces: "scrapeConfigNamespaceSelector" },
    PrometheusRule: { selector: "ruleSelector", namespaces: "ruleNamespaceSelector" },
} as const;

const KINDS = ["ServiceMonitor", "PodMonitor", "Probe"] as const;

type Kind = (typeof KINDS)[number];

/** Everything that the stack's Prometheus servers are told to scrape. */
export function scrapesOf(model: ClusterModel): Scrape[] {
    const wiring = wiringOf(model);
    return KINDS.flatMap((kind) =>
        model.ofKind(kind).flatMap((monitor) => {
            const servers = readersOf(model, kind, monitor);
            const scrapers = wiring.pods.filter(({ owner }) => servers.includes(owner));
            return scraped(wiring, kind, monitor).map((scrape) => ({ monitor, scrapers, ...scrape }));
        }),
    );
}

/**
 * Those of an operator's resources that read an object: Prometheus servers, and rulers where it has rules. An absent selector
 * selects nothing, an empty one everything.
 */
export function readersOf(
    model: ClusterModel,
    kind: keyof typeof SELECTORS,
    { namespace = "default", object }: RenderedObject,
): RenderedObject[] {
    const { selector, namespaces } = SELECTORS[kind];
    const rulers = kind === "PrometheusRule" ? model.ofKind("ThanosRuler") : [];
    return [...model.ofKind("Prometheus"), ...rulers].filter((prometheus) => {
        const spec = specOf(prometheus.object);
        const chosen = spec[selector];
        const from = spec[namespaces];
        return (
            isRecord(chosen) &&
            selects(chosen, object.metadata.labels ?? {}) &&
            // Without a selector of namespaces, only its own.
            (isRecord(from) ? selects(from, wiringOf(model).labelsOf(namespace)) : namespace === prometheus.namespace)
        );
    });
}

type Part = Omit<Scrape, "monitor" | "scrapers">;

function scraped(wiring: Wiring, kind: Kind, monitor: RenderedObject): Part[] {
    const spec = specOf(monitor.object);
    if (kind === "Probe") return [probed(wiring, monitor)];
    const inNamespace = namespacesOf(spec, monitor);
    const selector = record(spec.selector);
    if (kind === "PodMonitor") {
        const pods = wiring.pods.filter(
            (each) => inNamespace(each.namespace) && selects(selector, each.labels) && each.kind !== "Job",
        );
        return records(spec.podMetricsEndpoints).map((endpoint) => ofPods(endpoint, pods));
    }
    const services = wiring.services.filter(
        ({ namespace, object }) =>
            inNamespace(namespace ?? "default") && selects(selector, object.metadata.labels ?? {}),
    );
    return records(spec.endpoints).map((endpoint) => ofServices(wiring, endpoint, services));
}

function namespacesOf(
    spec: Record<string, unknown>,
    { namespace: own }: RenderedObject,
): (namespace: string) => boolean {
    const { any, matchNames } = record(spec.namespaceSelector);
    const names = strings(matchNames);
    return (namespace) => any === true || (names.length === 0 ? namespace === own : names.includes(namespace));
}

function part(endpoint: Record<string, unknown>, targets: readonly Endpoint[], problem: Problem | undefined): Part {
    const path = typeof endpoint.path === "string" ? endpoint.path : "/metrics";
    const rules = records(endpoint.relabelings).map(({ action }) => action);
    return {
        targets,
        path: endpoint.params === undefined ? path : `${path}?${JSON.stringify(endpoint.params)}`,
        filtered: rules.includes("keep") || rules.includes("drop"),
        problems: problem === undefined ? [] : [problem],
    };
}

function ofServices(wiring: Wiring, endpoint: Record<string, unknown>, services: readonly RenderedObject[]): Part {
    const asked = endpoint.port ?? endpoint.targetPort;
    const called = `port ${String(asked)}`;
    if (services.length === 0)
        return part(endpoint, [], { found: "its selector matches no Service", wanted: "one at least" });
    const offered = services.flatMap((service) =>
        portsOf(service)
            .filter(({ name, target }) =>
                endpoint.port === undefined ? target === endpoint.targetPort : name === endpoint.port,
            )
            .map((port) => ({ service, port })),
    );
    const names = services.map((service) => service.object.metadata.name).join(", ");
    if (offered.length === 0 && endpoint.port !== undefined) {
        return part(endpoint, [], {
            found: `none of ${names} has ${called}`,
            wanted: "a port by the name that one of them has",
        });
    }
    // A target port may be any that the pods open, also one that no Service has.
    const ways =
        offered.length > 0
            ? offered.map(({ service, port }) => ({ service, target: port.target, protocol: port.protocol }))
            : services.map((service) => ({ service, target: numberOrName(asked), protocol: "TCP" as const }));
    const ends = ways.flatMap(({ service, target, protocol }) =>
        podsBehind(wiring, service).map((pods) => ({ pods, protocol, target, port: openPort(pods, target, protocol) })),
    );
    const targets = ends.flatMap(({ pods, protocol, port }) => (port === undefined ? [] : [{ pods, protocol, port }]));
    const closed = ends.find(({ port }) => port === undefined);
    if (ends.length === 0)
        return part(endpoint, [], { found: `no pod is behind ${called} of ${names}`, wanted: "pods that run" });
    return part(endpoint, targets, closed === undefined ? undefined : closedPort(closed.pods, called, closed.target));
}

function closedPort(pods: Pods, called: string, target: number | string): Problem {
    return {
        found: `${called} leads to ${String(target)} of ${pods.name}`,
        wanted: `a port that it opens: ${openPorts(pods)}`,
    };
}

function numberOrName(port: unknown): number | string {
    return typeof port === "number" ? port : String(port);
}

function ofPods(endpoint: Record<string, unknown>, pods: readonly Pods[]): Part {
    if (pods.length === 0)
        return part(endpoint, [], { found: "its selector matches no pods", wanted: "some at least" });
    const asked = numberOrName(endpoint.port ?? endpoint.portNumber ?? endpoint.targetPort);
    const targets = pods.flatMap((each) => {
        const port = openPort(each, asked, "TCP");
        return port === undefined ? [] : [{ pods: each, port, protocol: "TCP" as const }];
    });
    const [first] = pods;
    const problem =
        targets.length > 0 || first === undefined ? undefined : closedPort(first, `port ${String(asked)}`, asked);
    return part(endpoint, targets, problem);
}

/** A Probe's prober is what Prometheus calls. */
function probed(wiring: Wiring, monitor: RenderedObject): Part {
    const spec = specOf(monitor.object);
    const { url, path } = record(spec.prober);
    const endpoint = { path: path ?? "/probe", params: record(spec.targets) };
    const [address] = addressesIn(String(url), { key: "url", hasNamespace: wiring.hasNamespace });
    if (address === undefined) return part(endpoint, [], { found: `prober ${String(url)}`, wanted: "host:port" });
    const resolved = resolve(wiring, address, monitor.namespace ?? "default");
    return part(
        endpoint,
        resolved.kind === "endpoints" ? resolved.endpoints : [],
        resolved.kind === "problem" ? resolved.problem : undefined,
    );
}

/** How people call a target. */
export function targetName({ pods, port }: Endpoint): string {
    return `${nameOf(pods.owner)} port ${port}`;
}
