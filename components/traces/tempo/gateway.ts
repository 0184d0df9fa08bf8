import { nginxSize, PUSH } from "../../contracts/push-sizes";
import { callsMap, REFUSE, type Calls } from "../../kubernetes/gateway-calls";
import { listen, nginxResolver } from "../../kubernetes/nginx";
import { resources } from "../../kubernetes/resources";
import type { PlatformSettings } from "../../settings/platform";
import type { TempoValuesArgs } from "./config";
import { PORTS, serviceHost } from "./names";
import type { ChartValues } from "./values.gen";
import { workload } from "./workload";

const CALLS: readonly (readonly [port: number, calls: Calls])[] = [
    [
        PORTS.gatewayPush,
        [
            ["(GET|HEAD) /$", "status"],
            ["POST /((otlp/)?v1/traces|jaeger/api/traces|zipkin/spans)$", "push"],
        ],
    ],
    [
        PORTS.gatewayQuery,
        [
            ["(GET|HEAD) /$", "status"],
            ["[A-Z]+ /(api|tempopb\\.StreamingQuerier)/", "query"],
        ],
    ],
    // The chart's second server, which takes OTLP by gRPC and nothing else.
    [PORTS.otlpGrpc, [["POST /opentelemetry\\.proto\\.collector\\.trace\\.v1\\.TraceService/Export$", "push"]]],
];

/** A server of its own for queries: what the chart adds to a server it adds to that of gRPC too. */
const queries = (platform: PlatformSettings) => `server {
    ${listen(PORTS.gatewayQuery, platform)}
    http2 on;
    set $query_frontend ${serviceHost("query-frontend")}:${PORTS.http};

    location = / {
        return 200;
    }
    location /tempopb.StreamingQuerier/ {
        grpc_pass grpc://$query_frontend;
    }
    location ^~ /api/ {
        proxy_pass http://$query_frontend$request_uri;
    }
${REFUSE}}
`;

/** One address for queries and HTTP pushes, by a port each. */
export function gateway(args: TempoValuesArgs): NonNullable<ChartValues["gateway"]> {
    return {
        ...workload("gateway", resources("50m", "64Mi", "128Mi"), args),
        enabled: true,
        verboseLogging: false,
        readinessProbe: { httpGet: { path: "/", port: PORTS.gatewayQuery } },
        nginxConfig: {
            resolver: nginxResolver(args.platform),
            enableIPv6: args.platform.ipFamilies !== "ipv4",
            httpSnippet: `client_max_body_size ${nginxSize(PUSH)};\n${callsMap(CALLS, args.settings.multitenancy)}${queries(args.platform)}`,
            serverSnippet: REFUSE,
        },
        service: {
            additionalPorts: [
                { name: "http-query", port: PORTS.http, targetPort: PORTS.gatewayQuery, protocol: "TCP" },
            ],
        },
    };
}
