import { callsMap, REFUSE } from "../../kubernetes/gateway-calls";
import { resources } from "../../kubernetes/resources";
import type { TempoValuesArgs } from "./config";
import { PORTS, serviceHost } from "./names";
import type { ChartValues } from "./values.gen";
import { workload } from "./workload";

const CALLS_MAP = callsMap([
    [
        PORTS.gatewayPush,
        [
            ["(GET|HEAD) /$", 0],
            ["POST /((otlp/)?v1/traces|jaeger/api/traces|zipkin/spans)$", 0],
        ],
    ],
    // The chart's second server, which takes OTLP by gRPC and nothing else.
    [PORTS.otlpGrpc, [["POST /opentelemetry\\.proto\\.collector\\.trace\\.v1\\.TraceService/Export$", 0]]],
]);

/** A server of its own for queries: what the chart adds to a server it adds to that of gRPC too. */
const QUERIES = `server {
    listen ${PORTS.gatewayQuery};
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
    location / {
        return 403;
    }
}
`;

/** One address for queries and HTTP pushes, by a port each. */
export function gateway(args: TempoValuesArgs): NonNullable<ChartValues["gateway"]> {
    return {
        ...workload("gateway", resources("50m", "64Mi", "128Mi"), args),
        enabled: true,
        verboseLogging: false,
        readinessProbe: { httpGet: { path: "/", port: PORTS.gatewayQuery } },
        nginxConfig: { httpSnippet: `${CALLS_MAP}${QUERIES}`, serverSnippet: REFUSE },
        service: {
            additionalPorts: [
                { name: "http-query", port: PORTS.http, targetPort: PORTS.gatewayQuery, protocol: "TCP" },
            ],
        },
    };
}
