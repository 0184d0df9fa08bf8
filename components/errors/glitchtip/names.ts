/** Names in the cluster. Addresses follow from them, so they never change. */
export const NAMESPACE = "glitchtip";
export const TITLE = "GlitchTip";
export const WEB = "glitchtip-web";
export const WORKER = "glitchtip-worker";
export const MIGRATION = "glitchtip-migrate";
export const ACCOUNT = "glitchtip";

/** Secrets: what its programs read, who may log in first, and the keys of its bucket. */
export const SECRET = "glitchtip";
export const ADMIN_SECRET = "glitchtip-admin";
export const S3_SECRET = "glitchtip-s3";

/** Ports that pods listen on. */
export const PORTS = { web: 8000, workerMetrics: 9100 } as const;
/** Of the Service. */
export const HTTP = 80;

export type Part = "web" | "worker";

export function podLabels(part: string): Record<string, string> {
    return { "app.kubernetes.io/name": "glitchtip", "app.kubernetes.io/component": part };
}

const service = `http://${WEB}.${NAMESPACE}.svc.cluster.local`;
export const serviceUrl = service;
export const healthUrl = `${service}/_health/`;

export function errorsHost(domain: string): string {
    return `errors.${domain}`;
}
