import { nginxSize, PUSH } from "../../contracts/push-sizes";
import { resources } from "../../kubernetes/resources";
import { listen, nginxResolver } from "../../kubernetes/nginx";
import type { PlatformSettings } from "../../settings/platform";
import { REFUSE } from "../../kubernetes/gateway-calls";
import { CALLS_MAP } from "./gateway-calls";
import { PORTS } from "./names";
import { EXPORTER, replicated } from "./pods";
import type { LokiSettings } from "./settings";
import type { ChartValues } from "./values.gen";
import { lokiReplicated } from "./workloads";

const listens = (port: number) => ({ httpGet: { path: "/", port } });

/** The address that pushes and queries go to, by a port each. */
export function gateway(settings: LokiSettings, platform: PlatformSettings): NonNullable<ChartValues["gateway"]> {
    return {
        ...replicated(lokiReplicated.gateway, settings.replicas.gateway, platform.survives),
        resources: resources("50m", "64Mi", "128Mi"),
        metrics: { resources: EXPORTER },
        // Hosts apart and no host to spare: a pod more would wait for ever.
        deploymentStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
        // Endpoints forget it before nginx stops.
        lifecycle: { preStop: { sleep: { seconds: 10 } } },
        startupProbe: listens(PORTS.throughGateway),
        readinessProbe: listens(PORTS.query),
        nginxConfig: {
            resolver: nginxResolver(platform),
            clientMaxBodySize: nginxSize(PUSH),
            // Listening on [::] fails on hosts without IPv6.
            enableIPv6: platform.ipFamilies !== "ipv4",
            httpSnippet: CALLS_MAP,
            serverSnippet: `${listen(PORTS.query, platform)}\n${listen(PORTS.throughGateway, platform)}\n${REFUSE}`,
        },
        // A line for each push would be collected and pushed again.
        verboseLogging: false,
    };
}
