import { nginxSize, PUSH } from "../../contracts/push-sizes";
import { callsMap, REFUSE, ruleCalls, ruleLocation, type Calls } from "../../kubernetes/gateway-calls";
import { listen } from "../../kubernetes/nginx";
import { nginxConfig, type NginxPods } from "../../kubernetes/nginx-pods";
import { resources } from "../../kubernetes/resources";
import type { PlatformSettings } from "../../settings/platform";
import { GATEWAY, otlpUrl, PORTS, pushUrl, QUERY_FRONTEND, ROUTER, rulesUrl } from "./names";
import type { ThanosSettings } from "./settings";
import { QUERY_TIMEOUT_SECONDS } from "./values";
import { thanosReplicated } from "./workloads";

const REMOTE_WRITE = new URL(pushUrl).pathname;
const OTLP = new URL(otlpUrl).pathname;
const OTLP_PUSH = `${OTLP}/v1/metrics`;
const EXEMPLARS = "/api/v1/query_exemplars";
const RULES = new URL(rulesUrl).pathname;

const STATUS: Calls = [["(GET|HEAD) /healthz$", "status"]];

const PUSHES: Calls = [[`POST (${REMOTE_WRITE}|${OTLP_PUSH})$`, "push"]];

/** The second is the name by which Thanos' own parts tell the tenant to each other: nobody else does. */
const HEADERS = ['Connection ""', 'THANOS-TENANT ""'];

/** What Grafana asks of a Prometheus. Thanos asks no tenant for anything else that it answers, rules and stores among it. */
const QUERIES: Calls = [
    [
        "(GET|POST) /api/v1/(query|query_range|query_exemplars|series|labels|label/[^/]+/values|metadata|status/buildinfo)$",
        "query",
    ],
];

/**
 * Thanos takes a request without a tenant for that of a default one, and knows OTLP by another path than clients call. It
 * answers 500 where it cannot tell what failed; clients of OTLP send again at 429, 502, 503 and 504 only.
 * https://opentelemetry.io/docs/specs/otlp/#failures-1
 *
 * Exemplars are all tenants', whoever asks for them: they are answered to the platform's own alone.
 */
export function gatewayConfig(platform: Pick<PlatformSettings, "ipFamilies" | "tenant">): string {
    return nginxConfig(`    server_tokens off;
    access_log off;
    client_max_body_size ${nginxSize(PUSH)};
    proxy_http_version 1.1;
${HEADERS.map((header) => `    proxy_set_header ${header};`).join("\n")}
    proxy_read_timeout ${QUERY_TIMEOUT_SECONDS + 10}s;

${callsMap(
    [
        [PORTS.push, [...STATUS, ...PUSHES]],
        [PORTS.query, [...STATUS, ...QUERIES, ...ruleCalls(RULES)]],
    ],
    true,
    false,
)}
    server {
        ${listen(PORTS.push, platform)}
        ${listen(PORTS.query, platform)}
        set $router ${ROUTER};
        set $query_frontend ${QUERY_FRONTEND};
${REFUSE}
        location = /healthz {
            return 200;
        }
        location = ${REMOTE_WRITE} {
            proxy_pass $router$request_uri;
        }
        location = ${OTLP_PUSH} {
            proxy_pass $router${OTLP};
            proxy_intercept_errors on;
            error_page 500 = @later;
        }
        location @later {
            return 503 "the metrics store cannot take this now\\n";
        }
        location = ${EXEMPLARS} {
            if ($http_x_scope_orgid != "${platform.tenant}") {
                return 403 "exemplars are not kept apart: the platform's own tenant alone may read them\\n";
            }
            proxy_pass $query_frontend$request_uri;
        }
${ruleLocation(RULES, platform.tenant, "$query_frontend", HEADERS)}
        location / {
            proxy_pass $query_frontend$request_uri;
        }
    }
`);
}

/** The one address of pushes and queries, by a port each. */
export function gatewayPods(
    { survives }: Pick<PlatformSettings, "survives">,
    { replicas }: Pick<ThanosSettings, "replicas">,
    config: string,
): NginxPods {
    return {
        name: GATEWAY,
        alike: thanosReplicated.gateway,
        replicas: replicas.gateway,
        config,
        ports: { query: PORTS.query, push: PORTS.push },
        resources: survives === "nothing" ? resources("10m", "32Mi", "128Mi") : resources("50m", "64Mi", "256Mi"),
    };
}
