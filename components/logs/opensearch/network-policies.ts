import type { ObjectStore } from "../../contracts/object-store";
import { callerFlows, flowsFrom, type Callers } from "../../kubernetes/access-labels";
import { MONITORING } from "../../kubernetes/namespaces";
import {
    type ClusterNetwork,
    type Flow,
    flowsToBuckets,
    flowsToUrls,
    type NetworkArgs,
} from "../../kubernetes/network-policies";
import { GATEWAY_PORTS } from "../search-gateway";
import { webPeer } from "../../kubernetes/web-access";
import type { PlatformSettings } from "../../settings/platform";
import { NAMESPACE, podLabels, PORTS } from "./names";
import type { OpensearchSettings } from "./settings";

export interface OpensearchNetworkArgs extends Callers {
    readonly cluster: ClusterNetwork & Pick<PlatformSettings, "access">;
    readonly dashboards: OpensearchSettings["dashboards"];
    /** Where snapshots go; undefined where none are made. */
    readonly objectStore: Pick<ObjectStore, "peer" | "identityAgents"> | undefined;
}

/**
 * Lines by OTLP, from whoever may push; bulk from applications alone, who show a password. Queries pass the gateway, which
 * shows the reader's. Nodes speak with each other within the namespace, and with nothing outside but the bucket and, where
 * people come by single sign-on, the provider.
 */
export function opensearchNetwork(args: OpensearchNetworkArgs): NetworkArgs {
    const { cluster, applications, objectStore } = args;
    const [push, query] = [PORTS.otlpHttp, GATEWAY_PORTS.query];
    const ways = callerFlows(args, { push, query, pods: podLabels("gateway") }).map((flow) =>
        flow.ports.includes(push)
            ? { ...flow, ports: [PORTS.otlpGrpc, PORTS.otlpHttp], pods: podLabels("otlp") }
            : flow,
    );
    return {
        namespace: NAMESPACE,
        cluster,
        ingress: [
            ...ways,
            ...flowsFrom("bulk", [], applications, { ports: [PORTS.http], pods: podLabels("node") }),
            { name: "from-scrapes", peer: { namespace: MONITORING }, ports: [PORTS.otlpMetrics, PORTS.exporter] },
            ...toDashboards(args),
        ],
        egress: [
            ...(objectStore === undefined ? [] : flowsToBuckets(objectStore, podLabels("node"))),
            ...logins(args.dashboards),
        ],
    };
}

function toDashboards({ cluster, dashboards }: OpensearchNetworkArgs): Flow[] {
    const peer = webPeer(cluster.access);
    if (!dashboards.enabled || peer === undefined) return [];
    return [{ name: "to-dashboards", peer, ports: [PORTS.dashboards], pods: podLabels("dashboards") }];
}

/** Dashboards change a browser's code for a token there, nodes fetch the keys that it is signed with. */
function logins({ oidc }: OpensearchSettings["dashboards"]): Flow[] {
    if (oidc === undefined) return [];
    return (["dashboards", "node"] as const).flatMap((who) =>
        flowsToUrls(`${who}-to-login`, podLabels(who), [oidc.discoveryUrl], []),
    );
}
