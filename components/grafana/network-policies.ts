import type { Database } from "../contracts/database";
import type { LogStore } from "../contracts/log-store";
import type { MetricsStore } from "../contracts/metrics-store";
import type { Endpoint } from "../contracts/ready";
import type { TraceStore } from "../contracts/trace-store";
import { flowsToUrls, flowTo, type Flow } from "../kubernetes/network-policies";
import { webPeer } from "../kubernetes/web-access";
import type { PlatformSettings } from "../settings/platform";
import { podLabels, PORT } from "./names";
import type { OidcSettings } from "./oidc-settings";

export interface GrafanaNetworkArgs {
    readonly release: string;
    readonly metricsStore: Pick<MetricsStore, "read">;
    readonly secondMetricsStore?: Pick<MetricsStore, "read"> | undefined;
    readonly logStore: Pick<LogStore, "read">;
    readonly traceStore: Pick<TraceStore, "read">;
    readonly database: Pick<Database, "peer"> | undefined;
    readonly settings: { readonly oidc?: OidcSettings | undefined };
}

/** People, by the way that the platform's access says. */
export function grafanaIngressFlows(access: PlatformSettings["access"], release: string): Flow[] {
    const peer = webPeer(access);
    return peer === undefined ? [] : [{ name: "to-grafana", peer, ports: [PORT], pods: podLabels(release) }];
}

/** What Grafana reads, its database, and the login provider: browsers carry the code, Grafana itself changes it for a token. */
export function grafanaEgressFlows(args: GrafanaNetworkArgs): Flow[] {
    const { metricsStore, secondMetricsStore, logStore, traceStore, database, release } = args;
    const { oidc } = args.settings;
    const ends: [string, Endpoint | undefined][] = [
        ["metrics-store", metricsStore.read.endpoint],
        ["second-metrics-store", secondMetricsStore?.read.endpoint],
        ["log-store", logStore.read.endpoint],
        ["trace-store", traceStore.read.endpoint],
        ["database", database?.peer],
    ];
    const pods = podLabels(release);
    return [
        ...ends.flatMap(([end, at]) => (at === undefined ? [] : [flowTo(`grafana-to-${end}`, at, pods)])),
        ...(oidc === undefined ? [] : flowsToUrls("login", pods, [oidc.tokenUrl, oidc.apiUrl], [])),
    ];
}
