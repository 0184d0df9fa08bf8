/** Names in the cluster. */
export const NAMESPACE = "ingest-gateway";
export const GATEWAY = "push-gateway";
/** For those who hand passwords to clients: a key for each client. */
export const PASSWORDS_SECRET = "push-passwords";
/** What the gateway compares with: no password can be read from it. */
export const HTPASSWD_SECRET = "push-htpasswd";
export const TLS_SECRET = "push-tls";

export const PORT = 8080;
/** Where the gateway itself speaks TLS. */
export const TLS_PORT = 8443;
/** Where nginx tells which clusters it is to hear of. */
export const CLUSTERS_PORT = 8081;
/** Where the exporter beside nginx has what clients pushed, and where it is told of each push. */
export const EXPORTER_PORT = 4040;
export const SYSLOG_PORT = 8514;

export const LABELS = { "app.kubernetes.io/name": GATEWAY, "app.kubernetes.io/part-of": "observability-platform" };

export function pushHost(domain: string): string {
    return `push.${domain}`;
}
