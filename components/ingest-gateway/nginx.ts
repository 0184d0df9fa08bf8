import type { LogSink } from "../contracts/log-store";
import type { MetricsSink } from "../contracts/metrics-store";
import type { TraceSink } from "../contracts/trace-store";
import { PUSH_PATHS } from "../contracts/push-paths";
import { nginxSize, PUSH } from "../contracts/push-sizes";
import { headersOfAll } from "../contracts/tenancy";
import { listen } from "../kubernetes/nginx";
import { nginxConfig } from "../kubernetes/nginx-pods";
import type { PlatformSettings } from "../settings/platform";
import { pushersOf, subjectOf, type Signal } from "./client-settings";
import { clustersServer, COUNT, countedLines } from "./counting";
import { limitCalls, limitZones } from "./limits";
import { CLUSTERS_PORT, PORT, TLS_PORT } from "./names";
import type { IngestGatewaySettings } from "./settings";
import { usersOf } from "./users";

export interface PushTargets {
    readonly metricsStore: Pick<MetricsSink, "push" | "tenancy">;
    readonly logStore: Pick<LogSink, "push" | "tenancy">;
    readonly traceStore: Pick<TraceSink, "push" | "tenancy">;
}

type Family = Pick<PlatformSettings, "ipFamilies">;
type Clients = Pick<IngestGatewaySettings, "auth" | "clients" | "clusters" | "limits">;

/** Where the gateway finds its users. nginx reads the file at each request, so that a changed Secret needs no restart. */
export const HTPASSWD_DIRECTORY = "/etc/push-clients";
/** `ca.crt`: who signs the clients' certificates; `ca.crl`: which of these are revoked. Read at the start. */
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

/** The signal of each path. */
function signalsByPath(targets: PushTargets): Record<string, Signal> {
    const signals: Readonly<Record<string, Signal>> = {
        [PUSH_PATHS.metrics]: "metrics",
        [PUSH_PATHS.logs]: "logs",
        [`${PUSH_PATHS.otlp}/v1/metrics`]: "metrics",
        [`${PUSH_PATHS.otlp}/v1/logs`]: "logs",
        [`${PUSH_PATHS.otlp}/v1/traces`]: "traces",
    };
    const paths = Object.keys(pushPaths(targets));
    return Object.fromEntries(Object.entries(signals).filter(([path]) => paths.includes(path)));
}

/**
 * The gateway's configuration. The tenant follows from who the client proves to be, whatever header it sends, and its
 * password goes no further than here. Failed requests are logged, with neither headers nor bodies. Whoever is in no list
 * has no tenant, and is refused also where a file of users still knows it.
 */
export function gatewayConfig(targets: PushTargets, settings: Clients, platform: Family): string {
    const byCertificate = settings.auth.by === "certificate";
    const said = byCertificate ? "$ssl_client_s_dn" : "$remote_user";
    const pushers = pushersOf(settings);
    const clients = pushers.flatMap((each) => {
        const { newest, before } = usersOf(each);
        const keys = byCertificate ? [exactly(subjectOf(each))] : [newest.name, before.name].sort();
        return keys.map((key) => `        "${key}" "${each.name}";`);
    });
    const tenants = pushers.map(
        ({ name, tenant }) => `        "${name}" "${tenant ?? targets.metricsStore.tenancy.tenant}";`,
    );
    const limited = { limits: settings.limits, pushers, proof: byCertificate ? "$push_client" : "$http_authorization" };
    return nginxConfig(`    # nginx does not start with a name that is longer than its own bucket, 64 bytes with all that belongs to it.
    map_hash_bucket_size 256;
    map_hash_max_size 16384;

    map $status $failed {
        "~^[23]" 0;
        default 1;
    }
    log_format failure 'status=$status client="${said}" path="$uri" bytes=$request_length upstream=$upstream_status';

    map ${said} $push_client {
${clients.join("\n")}
    }
    map $push_client $push_tenant {
${tenants.join("\n")}
    }
${limitZones(limited)}${countedLines(signalsByPath(targets))}${byCertificate ? certificateFolder : ""}
    server {
${settings.auth.by === "certificate" ? byItsCertificate(settings.auth, platform) : byPassword(platform)}
        server_tokens off;
        access_log /dev/stdout failure if=$failed;
        ${COUNT}
        client_max_body_size ${nginxSize(PUSH)};
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Authorization "";
${tenantHeaders(targets).join("\n")}
${limitCalls(limited)}
        location / {
            return 404;
        }
${locations(targets, byCertificate ? 403 : 401).join("\n")}
    }
${byCertificate ? health(platform) : ""}${clustersServer(listen(CLUSTERS_PORT, platform))}`);
}

/** Set for all paths at once: a path with headers of its own would have none of the server's. */
function tenantHeaders({ metricsStore, logStore, traceStore }: PushTargets): string[] {
    const headers = headersOfAll([metricsStore, logStore, traceStore], "$push_tenant");
    return Object.entries(headers).map(([name, value]) => `        proxy_set_header ${name} ${value};`);
}

/** @param unknown the answer to who is in no list. */
function locations(targets: PushTargets, unknown: number): string[] {
    return Object.entries(pushPaths(targets)).map(
        ([path, target]) => `
        location = ${path} {
            if ($request_method != POST) {
                return 405;
            }
            if ($push_tenant = "") {
                return ${unknown};
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

type ByCertificate = Extract<IngestGatewaySettings["auth"], { by: "certificate" }>;

/** Without a certificate, with a revoked one or one of another authority nginx answers 400 by itself. */
const byItsCertificate = (
    { revocationList }: ByCertificate,
    platform: Family,
) => `        ${listen(TLS_PORT, platform, "ssl")}
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_certificate $certificates/tls.crt;
        ssl_certificate_key $certificates/tls.key;
        ssl_client_certificate ${CLIENT_CA_DIRECTORY}/ca.crt;
        ssl_verify_client on;
${revocationList === true ? `        ssl_crl ${CLIENT_CA_DIRECTORY}/ca.crl;\n` : ""}`;

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
