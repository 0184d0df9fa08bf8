import { nginxSize, PUSH } from "../../contracts/push-sizes";
import { callsMap, REFUSE, ruleCalls, ruleLocation, type Calls } from "../../kubernetes/gateway-calls";
import { listen, nginxResolver } from "../../kubernetes/nginx";
import { DISTRIBUTOR, otlpUrl, PORTS, pushUrl, QUERY_FRONTEND, queryUrl, rulesUrl } from "./names";
import type { CortexValuesArgs } from "./values-args";
import { workload } from "./workload";

const STATUS: Calls = [["(GET|HEAD) /healthz$", "status"]];

const OTLP_PUSH = `${new URL(otlpUrl).pathname}/v1/metrics`;

const PUSHES: Calls = [[`POST (${new URL(pushUrl).pathname}|/api/prom/push|${OTLP_PUSH})$`, "push"]];

/** Queries, and the ruler's API, by which Grafana shows and writes rules. What operates the rings is refused. */
const QUERIES: Calls = [
    ["[A-Z]+ /api/prom/push(/|$)", "refused"],
    ["[A-Z]+ /(prometheus/api/v1|api/prom)/", "query"],
    ["[A-Z]+ /api/v1/rules(/|$)", "query"],
];

const RULES = new URL(rulesUrl).pathname;

const CALLS_MAP = callsMap([
    [PORTS.http, [...STATUS, ...PUSHES]],
    [PORTS.query, [...STATUS, ...QUERIES, ...ruleCalls(RULES)]],
]);

/**
 * The chart's gateway knows remote write alone. Cortex answers 500 while too few ingesters live; clients of OTLP send again
 * at 429, 502, 503 and 504 only. https://opentelemetry.io/docs/specs/otlp/#failures-1
 */
const OTLP = `location = ${OTLP_PUSH} {
  proxy_pass http://${DISTRIBUTOR}$request_uri;
  proxy_intercept_errors on;
  error_page 500 = @later;
}
location @later {
  return 503 "the metrics store cannot take this now\\n";
}
`;

/** The chart's server listens on the port of pushes, by IPv4. */
function ownListen({ platform }: CortexValuesArgs): string {
    const pushes = listen(PORTS.http, platform).split("\n").slice(1);
    return [...pushes, listen(PORTS.query, platform)].join("\n");
}

/** The address that pushes and queries go to, by a port each. */
export function gateway(args: CortexValuesArgs) {
    const { imageRegistry, tenant } = args.platform;
    const rules = ruleLocation(RULES, tenant, `http://${QUERY_FRONTEND}${new URL(queryUrl).pathname}`);
    return {
        ...workload("gateway", args),
        ...(imageRegistry !== undefined && { image: { repository: `${imageRegistry}/nginx` } }),
        // Above 1024, so that no root is needed; clients still dial 80.
        http_listen_port: PORTS.http,
        service: { port: 80 },
        readinessProbe: { httpGet: { path: "/healthz", port: PORTS.query } },
        config: {
            client_max_body_size: nginxSize(PUSH),
            verboseLogging: false,
            dnsResolver: nginxResolver(args.platform),
            httpSnippet: CALLS_MAP,
            serverSnippet: `${ownListen(args)}\n${REFUSE}${OTLP}${rules}`,
        },
        // The only paths that it writes.
        extraVolumes: [
            { name: "cache", emptyDir: {} },
            { name: "tmp", emptyDir: {} },
        ],
        extraVolumeMounts: [
            { name: "cache", mountPath: "/var/cache/nginx" },
            { name: "tmp", mountPath: "/tmp" },
        ],
    };
}
