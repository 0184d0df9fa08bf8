import type { Database, Endpoint, LogStore, MetricsStore, TraceStore } from "../contracts";
import type { Flow, NetworkArgs, Peer } from "../network";
import type { PlatformSettings } from "../platform-settings";
import { MONITORING, PODS, PORTS } from "./addresses";
import type { AlertingSettings } from "./alerting-settings";

export interface FlowArgs {
    readonly platform: Pick<PlatformSettings, "access" | "networkPolicies">;
    readonly alerting: AlertingSettings;
    readonly metricsStore: Pick<MetricsStore, "peer">;
    readonly logStore: Pick<LogStore, "peer">;
    readonly traceStore: Pick<TraceStore, "query">;
    readonly database: Pick<Database, "peer"> | undefined;
    readonly settings: { readonly prometheus: { readonly federateTo: readonly string[] } };
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
        egress: [...scrapeFlows(), ...grafanaFlows(args), ...notificationFlows(args.alerting)],
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
    const hooks = [alerting.heartbeatUrl, ...channels.flatMap(({ webhook, slack }) => [webhook?.url, slack?.apiUrl])]
        .filter((each) => each !== undefined)
        .map((each) => new URL(each));
    const mail = channels.flatMap(({ email }) =>
        email === undefined ? [] : [Number(email.smarthost.split(":").at(-1))],
    );
    const ports = new Set([443, ...hooks.map(portOf), ...mail]);
    const flows: Flow[] = [
        {
            name: "notify-outside",
            peer: "anywhere",
            ports: [...ports].sort((a, b) => a - b),
            pods: PODS.alertmanager,
        },
    ];
    if (hooks.some(({ hostname }) => inCluster(hostname))) {
        flows.push({ name: "notify-inside", peer: "cluster", ports: [], pods: PODS.alertmanager });
    }
    return flows;
}

function portOf({ port, protocol }: URL): number {
    if (port !== "") return Number(port);
    return protocol === "https:" ? 443 : 80;
}

/** `hook`, `hook.team.svc`, `hook.team.svc.cluster.local`. */
function inCluster(host: string): boolean {
    return !host.includes(".") || /\.svc(\.cluster\.local)?$/.test(host);
}
