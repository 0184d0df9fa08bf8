import { stickyIngress, webUrl } from "../kubernetes/web-access";
import type { PlatformSettings } from "../settings/platform";
import { grafanaServiceUrl } from "./names";
import type { ChartValues } from "../monitoring/kube-prometheus-stack/values.gen";

type GrafanaValues = NonNullable<ChartValues["grafana"]>;
type Access = PlatformSettings["access"];
type IngressAccess = Extract<Access, { kind: "ingress" }>;

const TLS_SECRET = "grafana-tls";

export function grafanaHost(domain: string): string {
    return `grafana.${domain}`;
}

/** Where people open Grafana; without an ingress its Service, for a port-forward. */
export function grafanaUrl({ access, domain }: Pick<PlatformSettings, "access" | "domain">): string {
    return webUrl(access, grafanaHost(domain), grafanaServiceUrl);
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
        ...(replicas > 1 && stickyIngress("grafana_replica")),
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
const traefikSticky = { "traefik.ingress.kubernetes.io/service.sticky.cookie": "true" };
