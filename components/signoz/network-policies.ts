import { COLLECTORS, MONITORING } from "../kubernetes/namespaces";
import type { Flow, NetworkArgs } from "../kubernetes/network-policies";
import type { PlatformSettings } from "../settings/platform";
import { NAMESPACE, podLabels, PORTS } from "./names";
import type { Clickhouse } from "./settings";

/** In from the collectors, and from people; out to ClickHouse alone. */
export function signozNetwork(platform: PlatformSettings, { host, port = 9000 }: Clickhouse): NetworkArgs {
    const [, namespace = ""] = host.split(".").slice(-5);
    const screens = { ports: [PORTS.screens], pods: podLabels("screens") };
    return {
        namespace: NAMESPACE,
        cluster: platform,
        ingress: [
            {
                name: "from-collectors",
                peer: { namespace: COLLECTORS },
                ports: [PORTS.otlpGrpc, PORTS.otlpHttp],
                pods: podLabels("collector"),
            },
            { name: "from-probes", peer: { namespace: MONITORING }, ...screens },
            ...people(platform.access).map((flow) => ({ ...flow, ...screens })),
        ],
        egress: [{ name: "to-clickhouse", peer: { namespace }, ports: [port] }],
    };
}

/** By the way that the platform's access says. Many Gateways run their proxies in another namespace than the Gateway itself. */
function people(access: PlatformSettings["access"]): Pick<Flow, "name" | "peer">[] {
    if (access.kind === "none") return [];
    return [{ name: "from-outside", peer: access.kind === "ingress" ? { namespace: access.namespace } : "cluster" }];
}
