import { nginxSize, PUSH } from "../contracts/push-sizes";
import { PUSH_PATHS } from "../contracts/push-paths";
import { TENANT_HEADER } from "../contracts/tenancy";
import { listen } from "../kubernetes/nginx";
import { nginxConfig, RESOLVER_DIRECTORY } from "../kubernetes/nginx-pods";
import type { PlatformSettings } from "../settings/platform";
import { KEYS, PORT } from "./names";
import type { HubSettings } from "./settings";

/** Where the pods find address and credentials of the hub. */
export const HUB_DIRECTORY = "/etc/hub";
/** Where they find a bundle of authorities that the settings name. */
export const CA_DIRECTORY = "/etc/hub-ca";

const HUB_CONFIG = "hub.conf";

/** Bundle of the image. */
const PUBLIC_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

/** What is handed on, each by the path that it has at the hub. Nothing that reads is among it. */
const PATHS = [
    PUSH_PATHS.metrics,
    PUSH_PATHS.logs,
    ...["metrics", "logs", "traces"].map((signal) => `${PUSH_PATHS.otlp}/v1/${signal}`),
];

/**
 * The gateway's configuration. Neither address nor credential stands in it: the image's start script makes a file of them.
 *
 * Who is not let in by the hub, or finds nobody at its address, keeps what it has and comes again: senders give up for good
 * at 401, 403 and 404, and a password that was changed at the hub first would cost all that is sent until it is changed here.
 * Some give up at 429 too, where what one tenant writes must not hold up others: behind a hub's limits stands this cluster
 * alone, which after an outage has more to send than it may at once.
 */
export function gatewayConfig(
    { tenant }: Pick<HubSettings, "tenant">,
    platform: Pick<PlatformSettings, "ipFamilies">,
): string {
    return nginxConfig(`    map $status $failed {
        "~^[23]" 0;
        default 1;
    }
    log_format failure 'status=$status path="$uri" bytes=$request_length hub=$upstream_status';

    server {
        ${listen(PORT, platform)}
        include ${RESOLVER_DIRECTORY}/${HUB_CONFIG};
        server_tokens off;
        access_log /dev/stdout failure if=$failed;
        client_max_body_size ${nginxSize(PUSH)};
        proxy_http_version 1.1;
        proxy_connect_timeout 10s;
        proxy_set_header Connection "";
        proxy_set_header ${TENANT_HEADER} "${tenant ?? ""}";
        proxy_ssl_server_name on;
        proxy_ssl_verify on;
        proxy_ssl_verify_depth 4;
        proxy_ssl_protocols TLSv1.2 TLSv1.3;
        proxy_intercept_errors on;

        location = /healthz {
            access_log off;
            return 200;
        }

        location / {
            return 404;
        }

        location @refused {
            return 503 "the hub does not take this: $upstream_status\\n";
        }
${PATHS.map(location).join("\n")}
    }
`);
}

function location(path: string): string {
    return `
        location = ${path} {
            if ($request_method != POST) {
                return 405;
            }
            error_page 401 403 404 429 =503 @refused;
            set $target "$hub${path}";
            proxy_pass $target;
        }`;
}

/** Filled by the image's start script, with what `startScript` exports. */
const TEMPLATE = `set $hub "\${HUB_URL}";
proxy_set_header Authorization "\${HUB_AUTHORIZATION}";
proxy_ssl_trusted_certificate "\${HUB_CA}";
\${HUB_CERTIFICATE}
`;

/**
 * Run by the image before it fills its templates: what the Secret holds, as nginx takes it. Keys that the Secret has not are
 * empty files that are not there.
 */
const START = `# Sourced by the image's entry point, which goes through this folder by name.
hub_value() { if [ -s "${HUB_DIRECTORY}/$1" ]; then tr -d '\\r\\n' < "${HUB_DIRECTORY}/$1"; fi; }

HUB_URL=$(hub_value ${KEYS.url})
export HUB_URL="\${HUB_URL%/}"

HUB_AUTHORIZATION=""
if [ -s ${HUB_DIRECTORY}/${KEYS.password} ]; then
    HUB_AUTHORIZATION="Basic $(printf '%s:%s' "$(hub_value ${KEYS.username})" "$(hub_value ${KEYS.password})" | base64 | tr -d '\\n')"
fi
export HUB_AUTHORIZATION

HUB_CA=${PUBLIC_AUTHORITIES}
for bundle in ${HUB_DIRECTORY}/${KEYS.ca} ${CA_DIRECTORY}/${KEYS.ca}; do
    if [ -s "$bundle" ]; then HUB_CA=$bundle; fi
done
export HUB_CA

HUB_CERTIFICATE=""
if [ -s ${HUB_DIRECTORY}/${KEYS.certificate} ]; then
    HUB_CERTIFICATE="proxy_ssl_certificate ${HUB_DIRECTORY}/${KEYS.certificate}; proxy_ssl_certificate_key ${HUB_DIRECTORY}/${KEYS.key};"
fi
export HUB_CERTIFICATE
`;

/** Behind the image's own, which looks for the cluster's DNS servers, and before the one that fills templates. */
export const START_SCRIPT = "16-hub.envsh";

/** Beside the configuration. */
export const HUB_FILES = { [`${HUB_CONFIG}.template`]: TEMPLATE, [START_SCRIPT]: START } as const;
