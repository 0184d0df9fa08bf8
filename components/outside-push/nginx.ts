import type { LogStore, MetricsStore, TraceStore } from "../contracts";
import { PORT } from "./names";
import type { OutsidePushSettings } from "./settings";

export interface PushTargets {
    readonly metricsStore: Pick<MetricsStore, "pushUrl" | "tenant">;
    readonly logStore: Pick<LogStore, "pushUrl" | "otlpUrl">;
    readonly traceStore: Pick<TraceStore, "otlpHttp">;
}

/** Where the gateway finds its users. nginx reads the file at each request, so that a changed Secret needs no restart. */
export const HTPASSWD_DIRECTORY = "/etc/push-clients";

/** A template that the image's start script fills with the cluster's DNS servers and writes into this folder. */
export const RESOLVER_TEMPLATE = "resolver ${NGINX_LOCAL_RESOLVERS} valid=15s;\n";
export const RESOLVER_DIRECTORY = "/tmp";

/** What may be called from outside, and where it goes. Nothing that reads is among it. */
export function pushPaths({ metricsStore, logStore, traceStore }: PushTargets): Record<string, string> {
    return {
        "/api/v1/push": metricsStore.pushUrl,
        "/loki/api/v1/push": logStore.pushUrl,
        "/otlp/v1/logs": `${logStore.otlpUrl}/v1/logs`,
        "/otlp/v1/traces": `${traceStore.otlpHttp}/v1/traces`,
    };
}

/**
 * The gateway's configuration. The tenant follows from the user, whatever header a client sends, and the password goes no further than here.
 */
export function gatewayConfig(targets: PushTargets, { clients }: Pick<OutsidePushSettings, "clients">): string {
    const tenants = clients.map(({ name, tenant }) => `        "${name}" "${tenant ?? targets.metricsStore.tenant}";`);
    const locations = Object.entries(pushPaths(targets)).map(
        ([path, target]) => `
        location = ${path} {
            if ($request_method != POST) {
                return 405;
            }
            set $target "${target}";
            proxy_pass $target;
        }`,
    );
    return `pid /tmp/nginx.pid;
error_log /dev/stderr;

events {
    worker_connections 4096;
}

http {
    client_body_temp_path /tmp/client;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;

    # An address anew within seconds: a Service may have been made again.
    include ${RESOLVER_DIRECTORY}/resolver.conf;

    map $remote_user $push_tenant {
${tenants.join("\n")}
    }

    server {
        listen ${PORT};
        server_tokens off;
        access_log off;
        client_max_body_size 16m;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Authorization "";
        proxy_set_header X-Scope-OrgID $push_tenant;
        auth_basic "push";
        auth_basic_user_file ${HTPASSWD_DIRECTORY}/htpasswd;

        location = /healthz {
            return 200;
        }

        location / {
            return 404;
        }
${locations.join("\n")}
    }
}
`;
}
