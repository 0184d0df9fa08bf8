import type { PlatformSettings } from "../settings/platform";
import { grafanaServiceUrl } from "./names";
import type { ChartValues } from "../monitoring/kube-prometheus-stack/values.gen";

type GrafanaValues = NonNullable<ChartValues["grafana"]>;
type Access = PlatformSettings["access"];
type IngressAccess = Extract<Access, { kind: "ingress" }>;

const TLS_SECRET = "grafana-tls";

/**
 * Whether browsers speak HTTPS with Grafana's ingress. A Gateway's listeners are its owner's: HTTPS is taken for granted
 * there, as a cookie that travels unprotected is worse than a login that a plain listener refuses.
 */
export function speaksTls(access: Access): boolean {
    return access.kind === "gateway" || (access.kind === "ingress" && access.tls.from !== "none");
}

export function grafanaHost(domain: string): string {
    return `grafana.${domain}`;
}

/** Where people open Grafana; without an ingress its Service, for a port-forward. */
export function grafanaUrl({ access, domain }: Pick<PlatformSettings, "access" | "domain">): string {
    if (access.kind === "none") return grafanaServiceUrl;
    return `${speaksTls(access) ? "https" : "http"}://${grafanaHost(domain)}`;
}

/** Ingress or HTTPRoute, as the platform's access says. */
export function accessValues({ access, domain }: PlatformSettings, replicas: number): GrafanaValues {
    const host = grafanaHost(domain);
    if (access.kind === "ingress") return ingress(access, host, replicas);
    if (access.kind === "gateway") {
        return {
            route: {
                main: {
                    enabled: true,
                    hostnames: [host],
                    parentRefs: [
                        {
                            name: access.name,
                            namespace: access.namespace,
                            ...(access.listener !== undefined && { sectionName: access.listener }),
                        },
                    ],
                },
            },
        };
    }
    return {};
}

function ingress({ className, tls }: IngressAccess, host: string, replicas: number): GrafanaValues {
    const secretName = tls.from === "secret" ? tls.secretName : TLS_SECRET;
    const annotations = {
        ...(tls.from === "issuer" && { "cert-manager.io/cluster-issuer": tls.clusterIssuer }),
        ...(replicas > 1 && nginxSticky),
    };
    return {
        ingress: {
            enabled: true,
            ingressClassName: className,
            hosts: [host],
            ...(tls.from !== "none" && { tls: [{ secretName, hosts: [host] }] }),
            annotations,
        },
        ...(replicas > 1 && { service: { annotations: traefikSticky } }),
    };
}

/** Logins live in the database; live panels are a WebSocket of one replica, to which the browser should return. */
const nginxSticky = {
    "nginx.ingress.kubernetes.io/affinity": "cookie",
    "nginx.ingress.kubernetes.io/affinity-mode": "persistent",
    "nginx.ingress.kubernetes.io/session-cookie-name": "grafana_replica",
    "nginx.ingress.kubernetes.io/session-cookie-max-age": "86400",
};
const traefikSticky = { "traefik.ingress.kubernetes.io/service.sticky.cookie": "true" };
