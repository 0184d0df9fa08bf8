import type { GrafanaPart } from "../../contracts/grafana";
import type { MetricsSink, MetricsStore } from "../../contracts/metrics-store";
import { MONITORING } from "../../kubernetes/namespaces";
import {
    type ClusterNetwork,
    flowsToUrls,
    flowTo,
    type Flow,
    type NetworkArgs,
} from "../../kubernetes/network-policies";
import type { AlertingSettings } from "./alerting-settings";
import { PODS, PORTS } from "./names";
import { sidecarFlows } from "./sidecar";

export interface FlowArgs {
    readonly platform: ClusterNetwork;
    readonly alerting: AlertingSettings;
    /** Namespaces of the rulers that send alerts. */
    readonly alertsFrom: readonly string[];
    readonly secondMetricsStore?: Pick<MetricsSink, "uploads"> | undefined;
    readonly metricsStore: Pick<MetricsSink, "push" | "uploads"> & Partial<Pick<MetricsStore, "ruleQueries">>;
    readonly settings: { readonly prometheus: { readonly federateTo: readonly string[] } };
    readonly grafana: Pick<GrafanaPart, "ingress" | "egress">;
}

/** What the namespace may send and take. node-exporter is elsewhere and on the hosts' network, which policies do not see. */
export function monitoringNetwork(args: FlowArgs): NetworkArgs {
    return {
        namespace: MONITORING,
        cluster: args.platform,
        // Operator, kube-state-metrics, the hook Jobs and Grafana's sidecar read the API.
        apiServer: true,
        ingress: [
            // The API server calls, from an address that no policy can name.
            {
                name: "from-api-server",
                peer: "anywhere",
                ports: [args.platform.apiServer.webhookPort ?? PORTS.webhook],
                pods: PODS.operator,
            },
            ...args.alertsFrom.map((namespace) => ({
                name: `alerts-from-${namespace}`,
                peer: { namespace },
                ports: [PORTS.alertmanager],
                pods: PODS.alertmanager,
            })),
            ...args.grafana.ingress,
            ...sidecarFlows(args),
            ...args.settings.prometheus.federateTo.map((namespace) => ({
                name: `federate-to-${namespace}`,
                peer: { namespace },
                ports: [PORTS.prometheus],
                pods: PODS.prometheus,
            })),
        ],
        egress: [
            ...scrapeFlows(),
            ...rulerFlows(args.metricsStore),
            ...args.grafana.egress,
            ...notificationFlows(args.alerting),
        ],
    };
}

/** The ruler asks the store, and writes to it; there is none where the store is in another cluster. */
function rulerFlows({ push, ruleQueries }: FlowArgs["metricsStore"]): Flow[] {
    if (ruleQueries === undefined) return [];
    return [
        flowTo("ruler-queries", ruleQueries.endpoint, PODS.ruler),
        flowTo("ruler-results", push.endpoint, PODS.ruler),
    ];
}

/** Targets are anywhere, on any port: pods by namespace (some CNIs do not count them as addresses), nodes by address. */
function scrapeFlows(): Flow[] {
    return [
        { name: "scrape-pods", peer: "cluster", ports: [], pods: PODS.prometheus },
        { name: "scrape-nodes", peer: "anywhere", ports: [], pods: PODS.prometheus },
    ];
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
    return flowsToUrls("notify", PODS.alertmanager, hooks, [443, ...mail]);
}
