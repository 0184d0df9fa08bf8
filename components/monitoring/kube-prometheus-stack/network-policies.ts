import type { Database, Endpoint, LogStore, MetricsStore, TraceStore } from "../../contracts/contracts";
import type { Flow, NetworkArgs, Peer } from "../../kubernetes/network-policies";
import type { PlatformSettings } from "../../settings/platform";
import { MONITORING, PODS, PORTS } from "./names";
import type { AlertingSettings } from "./alerting-settings";
import type { OidcSettings } from "../../grafana/oidc-settings";

export interface FlowArgs {
    readonly platform: Pick<PlatformSettings, "access" | "networkPolicies">;
    readonly alerting: AlertingSettings;
    readonly metricsStore: Pick<MetricsStore, "peer">;
    readonly logStore: Pick<LogStore, "peer">;
    readonly traceStore: Pick<TraceStore, "query">;
    readonly database: Pick<Database, "peer"> | undefined;
    readonly settings: {
        readonly prometheus: { readonly federateTo: readonly string[] };
        readonly grafana: { readonly oidc?: OidcSettings | undefined };
    };
}

/** Namespaces of the rulers that send alerts. */
const RULERS = ["cortex", "loki"];

/** What the namespace may send and take. node-exporter is elsewhere and on the hosts' network, which policies do not see. */
export function monitoringNetwork(args: FlowArgs): NetworkArgs {
    return {
        namespace: MONITORING,
        enabled: args.platform.networkPolicies,
        // Operator, kube-state-metrics, the hook Jobs and Grafana's sidecar read the API.
        apiServer: true,
        ingress: [
            // The API server calls, from an address that no policy can name.
            { name: "from-api-server", peer: "anywhere", ports: [PORTS.webhook], pods: PODS.operator },
            ...RULERS.map((namespace) => ({
                name: `alerts-from-${namespace}`,
                peer: { namespace },
                ports: [PORTS.alertmanager],
                pods: PODS.alertmanager,
            })),
            ...accessFlows(args.platform.access),
            ...args.settings.prometheus.federateTo.map((namespace) => ({
                name: `federate-to-${namespace}`,
                peer: { namespace },
                ports: [PORTS.prometheus],
                pods: PODS.prometheus,
            })),
        ],
        egress: [
            ...scrapeFlows(),
            ...grafanaFlows(args),
            ...loginFlows(args.settings.grafana.oidc),
            ...notificationFlows(args.alerting),
        ],
    };
}

function accessFlows(access: PlatformSettings["access"]): Flow[] {
    if (access.kind === "none") return [];
    return [
        {
            name: "to-grafana",
            // Many Gateways run their proxies in another namespace than the Gateway itself.
            peer: access.kind === "ingress" ? { namespace: access.namespace } : "cluster",
            ports: [PORTS.grafana],
            pods: PODS.grafana,
        },
    ];
}

/** Targets are anywhere, on any port: pods by namespace (some CNIs do not count them as addresses), nodes by address. */
function scrapeFlows(): Flow[] {
    return [
        { name: "scrape-pods", peer: "cluster", ports: [], pods: PODS.prometheus },
        { name: "scrape-nodes", peer: "anywhere", ports: [], pods: PODS.prometheus },
    ];
}

function grafanaFlows({ metricsStore, logStore, traceStore, database }: FlowArgs): Flow[] {
    const ends: [string, Endpoint | undefined][] = [
        ["metrics-store", metricsStore.peer],
        ["log-store", logStore.peer],
        ["trace-store", traceStore.query],
        ["database", database?.peer],
    ];
    return ends.flatMap(([end, at]) =>
        at === undefined
            ? []
            : [{ name: `grafana-to-${end}`, peer: peerOf(at), ports: [at.podPort], pods: PODS.grafana }],
    );
}

function peerOf({ namespace }: Endpoint): Peer {
    return namespace === undefined ? "anywhere" : { namespace };
}

/** Alertmanager's ways to the receivers: their ports anywhere; a webhook in the cluster by any port, as pods choose theirs. */
function notificationFlows(alerting: AlertingSettings): Flow[] {
    const channels = [alerting, ...Object.values(alerting.receivers)];
    const hooks = [
        alerting.heartbeatUrl,
        ...channels.flatMap(({ webhook, slack }) => [webhook?.url, slack?.apiUrl]),
    ].filter((each) => each !== undefined);
    const mail = channels.flatMap(({ email }) =>
        email === undefined ? [] : [Number(email.smarthost.split(":").at(-1))],
    );
    return callFlows("notify", PODS.alertmanager, hooks, [443, ...mail]);
}

/** Grafana's way to the login provider: browsers carry the code, Grafana itself changes it for a token. */
function loginFlows(oidc: OidcSettings | undefined): Flow[] {
    return oidc === undefined ? [] : callFlows("login", PODS.grafana, [oidc.tokenUrl, oidc.apiUrl], []);
}

/** Ways to URLs: their ports at any address, for policies know no names, and any port of the cluster's pods. */
function callFlows(name: string, pods: Record<string, string>, to: readonly string[], more: readonly number[]): Flow[] {
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
