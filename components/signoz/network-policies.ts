import { COLLECTORS, MONITORING } from "../kubernetes/namespaces";
import type { NetworkArgs } from "../kubernetes/network-policies";
import { webPeer } from "../kubernetes/web-access";
import type { PlatformSettings } from "../settings/platform";
import { NAMESPACE, podLabels, PORTS } from "./names";
import type { Clickhouse } from "./settings";

/** In from the collectors, and from people; out to ClickHouse alone. */
export function signozNetwork(platform: PlatformSettings, { host, port = 9000 }: Clickhouse): NetworkArgs {
    const [, namespace = ""] = host.split(".").slice(-5);
    const people = webPeer(platform.access);
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
            ...(people === undefined ? [] : [{ name: "from-outside", peer: people, ...screens }]),
        ],
        egress: [{ name: "to-clickhouse", peer: { namespace }, ports: [port] }],
    };
}
