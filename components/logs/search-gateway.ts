import { nginxSize, PUSH } from "../contracts/push-sizes";
import { callsMap, REFUSE, type Calls } from "../kubernetes/gateway-calls";
import { listen } from "../kubernetes/nginx";
import { nginxConfig } from "../kubernetes/nginx-pods";
import type { PlatformSettings } from "../settings/platform";

/** Ports of its pods. */
export const GATEWAY_PORTS = { push: 8080, query: 8081 } as const;

/** Where the gateway finds its keys. */
export const KEYS_DIRECTORY = "/etc/store-keys";

/** Files of its Secret: what a push, and what a query, is let in by, as nginx' directives; the authority of the store. */
export const KEY_FILES = { writer: "writer.conf", reader: "reader.conf", ca: "ca.crt" } as const;

/** Authorities that the image trusts. */
const IMAGE_CA = "/etc/ssl/certs/ca-certificates.crt";

/** Path of lines by OTLP, as every client appends it to the base URL. */
const OTLP = "/otlp";
const OTLP_LOGS = `${OTLP}/v1/logs`;

export interface SearchGateway {
    /** Base URL of the store's search API. */
    readonly url: string;
    /** Base URL to which `/v1/logs` is appended, where lines are pushed through the gateway. */
    readonly otlpUrl?: string;
    /** File with the store's authority; one that everybody trusts if absent. */
    readonly ca?: string;
    /** Calls beside those that Grafana makes of every such store. */
    readonly queries?: Calls;
}

/** The directives of a key file: a location with headers of its own has none of those around it. */
export function keyFile(authorization: string): string {
    return `proxy_set_header Connection "";\nproxy_set_header Authorization "${authorization}";\n`;
}

const STATUS: Calls = [["(GET|HEAD) /healthz$", "status"]];

/** What Grafana asks: versions, fields, lines. The reader's key refuses what is none of its business; this refuses to write. */
const QUERIES: Calls = [
    ["(GET|HEAD) /$", "query"],
    ["(GET|POST) (/[^/_][^/]*)?/(_search|_msearch|_count|_field_caps)$", "query"],
    ["GET /[^/_][^/]*/_mapping$", "query"],
];

/**
 * Lets in by network policies, as every other store's gateway does, and shows the store keys: one that writes on the port of
 * pushes, one that reads on the port of queries. So collectors, Grafana and probes hold no key.
 *
 * A key that was refused, or a path that is not there, is mended by a person: until then senders are to keep their lines and
 * come again, where they would drop what is answered with 401, 403 or 404.
 * https://opentelemetry.io/docs/specs/otlp/#failures-1
 */
export function searchGatewayConfig(
    { url, otlpUrl, ca = IMAGE_CA, queries = [] }: SearchGateway,
    platform: Pick<PlatformSettings, "ipFamilies">,
): string {
    const pushes: Calls = otlpUrl === undefined ? [] : [[`POST ${OTLP_LOGS}$`, "push"]];
    const { push, query } = GATEWAY_PORTS;
    return nginxConfig(`    server_tokens off;
    access_log off;
    client_max_body_size ${nginxSize(PUSH)};
    proxy_http_version 1.1;
    proxy_ssl_server_name on;
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 4;
    proxy_ssl_protocols TLSv1.2 TLSv1.3;
    proxy_ssl_trusted_certificate ${ca};

${callsMap(
    [
        [push, [...STATUS, ...pushes]],
        [query, [...STATUS, ...QUERIES, ...queries]],
    ],
    false,
)}
    server {
        ${listen(push, platform)}
        ${listen(query, platform)}
        set $store "${url}";
${REFUSE}
        location = /healthz {
            return 200;
        }
${otlpUrl === undefined ? "" : otlpLocations(otlpUrl)}
        location / {
            include ${KEYS_DIRECTORY}/${KEY_FILES.reader};
            proxy_pass $store$request_uri;
        }
    }
`);
}

function otlpLocations(otlpUrl: string): string {
    return `        location = ${OTLP_LOGS} {
            include ${KEYS_DIRECTORY}/${KEY_FILES.writer};
            set $target "${otlpUrl}/v1/logs";
            proxy_pass $target;
            proxy_intercept_errors on;
            error_page 401 403 404 405 500 = @later;
        }
        location @later {
            return 503 "the log store cannot take this now\\n";
        }
`;
}

/** Base URLs at the gateway's Services. */
export function gatewayUrls(push: string, query: string, namespace: string) {
    const host = (service: string) => `http://${service}.${namespace}.svc.cluster.local`;
    return { otlpUrl: `${host(push)}${OTLP}`, queryUrl: host(query) };
}
