import type { LogSink } from "../contracts/log-store";
import type { MetricsSink } from "../contracts/metrics-store";
import type { TraceSink } from "../contracts/trace-store";
import { PUSH_PATHS } from "../contracts/push-paths";
import { nginxSize, PUSH } from "../contracts/push-sizes";
import { headersOfAll } from "../contracts/tenancy";
import { listen } from "../kubernetes/nginx";
import { nginxConfig } from "../kubernetes/nginx-pods";
import type { PlatformSettings } from "../settings/platform";
import { PORT, TLS_PORT } from "./names";
import { subjectOf, type IngestGatewaySettings } from "./settings";

export interface PushTargets {
    readonly metricsStore: Pick<MetricsSink, "push" | "tenancy">;
    readonly logStore: Pick<LogSink, "push" | "tenancy">;
    readonly traceStore: Pick<TraceSink, "push" | "tenancy">;
}

type Family = Pick<PlatformSettings, "ipFamilies">;
type Clients = Pick<IngestGatewaySettings, "auth" | "clients">;

/** Where the gateway finds its users. nginx reads the file at each request, so that a changed Secret needs no restart. */
export const HTPASSWD_DIRECTORY = "/etc/push-clients";
/** `ca.crt`: who signs the clients' certificates. Read at the start. */
export const CLIENT_CA_DIRECTORY = "/etc/push-client-ca";
/** `tls.crt` and `tls.key`: the gateway's own certificate. */
export const TLS_DIRECTORY = "/etc/push-tls";

/** What may be called from outside, and where it goes. Nothing that reads is among it. */
export function pushPaths({ metricsStore, logStore, traceStore }: PushTargets): Record<string, string> {
    return {
        [PUSH_PATHS.metrics]: metricsStore.push.url,
        // A log store without Loki's API is pushed to by OTLP.
        ...(logStore.push.lokiUrl !== undefined && { [PUSH_PATHS.logs]: logStore.push.lokiUrl }),
        [`${PUSH_PATHS.otlp}/v1/metrics`]: `${metricsStore.push.otlpUrl}/v1/metrics`,
        [`${PUSH_PATHS.otlp}/v1/logs`]: `${logStore.push.otlpUrl}/v1/logs`,
        [`${PUSH_PATHS.otlp}/v1/traces`]: `${traceStore.push.otlpHttp}/v1/traces`,
    };
}

/**
 * The gateway's configuration. The tenant follows from who the client proves to be, whatever header it sends, and its
 * password goes no further than here. Failed requests are logged, with neither headers nor bodies.
 */
export function gatewayConfig(targets: PushTargets, settings: Clients, platform: Family): string {
    const byCertificate = settings.auth.by === "certificate";
    const client = byCertificate ? "$ssl_client_s_dn" : "$remote_user";
    const tenants = settings.clients.map((each) => {
        const key = byCertificate ? exactly(subjectOf(each)) : each.name;
        return `        "${key}" "${each.tenant ?? targets.metricsStore.tenancy.tenant}";`;
    });
    return nginxConfig(`    map $status $failed {
        "~^[23]" 0;
        default 1;
    }
    log_format failure 'status=$status client="${client}" path="$uri" bytes=$request_length upstream=$upstream_status';

    map ${client} $push_tenant {
${tenants.join("\n")}
    }
${byCertificate ? certificateFolder : ""}
    server {
${byCertificate ? byItsCertificate(platform) : byPassword(platform)}
        server_tokens off;
        access_log /dev/stdout failure if=$failed;
        client_max_body_size ${nginxSize(PUSH)};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Authorization "";
${tenantHeaders(targets).join("\n")}

        location / {
            return 404;
        }
${locations(targets).join("\n")}
    }
${byCertificate ? health(platform) : ""}`);
}

/** Set for all paths at once: a path with headers of its own would have none of the server's. */
function tenantHeaders({ metricsStore, logStore, traceStore }: PushTargets): string[] {
    const headers = headersOfAll([metricsStore, logStore, traceStore], "$push_tenant");
    return Object.entries(headers).map(([name, value]) => `        proxy_set_header ${name} ${value};`);
}

function locations(targets: PushTargets): string[] {
    return Object.entries(pushPaths(targets)).map(
        ([path, target]) => `
        location = ${path} {
            if ($request_method != POST) {
                return 405;
            }
            set $target "${target}";
            proxy_pass $target;
        }`,
    );
}

const byPassword = (platform: Family) => `        ${listen(PORT, platform)}
        auth_basic "push";
        auth_basic_user_file ${HTPASSWD_DIRECTORY}/htpasswd;

        location = /healthz {
            access_log off;
            return 200;
        }
`;

/** Without a certificate, or with one of another authority, nginx answers 400 by itself; a subject of nobody gets 403. */
const byItsCertificate = (platform: Family) => `        ${listen(TLS_PORT, platform, "ssl")}
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate $certificates/tls.crt;
        ssl_certificate_key $certificates/tls.key;
        ssl_client_certificate ${CLIENT_CA_DIRECTORY}/ca.crt;
        ssl_verify_client on;
        if ($push_tenant = "") {
            return 403;
        }
`;

/** By a variable nginx reads the certificate at each handshake, so that a renewed one needs no restart. */
const certificateFolder = `
    map $server_port $certificates {
        default ${TLS_DIRECTORY};
    }
`;

/** The kubelet has no certificate. */
const health = (platform: Family) => `
    server {
        ${listen(PORT, platform)}
        access_log off;

        location = /healthz {
            return 200;
        }

        location / {
            return 404;
        }
    }
`;

/** All of the subject, for a part of it could be forged in another; a pattern, since nginx compares plain texts without regard to case. */
function exactly(subject: string): string {
    return `~^${subject.replace(/[.+]/g, "[$&]")}$`;
}
