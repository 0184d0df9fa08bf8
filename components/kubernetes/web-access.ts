import type { PlatformSettings } from "../settings/platform";

type Access = PlatformSettings["access"];

/**
 * Whether browsers speak HTTPS with what stands behind the access. A Gateway's listeners are its owner's: HTTPS is taken for
 * granted there, as a cookie that travels unprotected is worse than a login that a plain listener refuses.
 */
export function speaksTls(access: Access): boolean {
    return access.kind === "gateway" || (access.kind === "ingress" && access.tls.from !== "none");
}

/** Address of screens in browsers; of their Service, for a port-forward, where there is no access. */
export function webUrl(access: Access, host: string, service: string): string {
    if (access.kind === "none") return service;
    return `${speaksTls(access) ? "https" : "http"}://${host}`;
}

/** Who comes to pods with screens: many Gateways run their proxies in another namespace than the Gateway itself. */
export function webPeer(access: Access): { namespace: string } | "cluster" | undefined {
    if (access.kind === "none") return undefined;
    return access.kind === "ingress" ? { namespace: access.namespace } : "cluster";
}

/** Screens that are opened at a host of their own. */
export interface Screens {
    readonly name: string;
    readonly namespace: string;
    readonly host: string;
    /** The Service's port. */
    readonly port: number;
    /** Whether a browser has to come back to the same pod. */
    readonly sticky?: boolean;
}

/** The Ingress or HTTPRoute to a Service of the same name, as the platform's access says; nothing where there is none. */
export function webAccess(access: Access, screens: Screens): WebAccess | undefined {
    const { name, namespace, host, port } = screens;
    if (access.kind === "ingress") {
        const { tls, className } = access;
        const secretName = tls.from === "secret" ? tls.secretName : `${name}-tls`;
        const backend = { service: { name, port: { number: port } } };
        return {
            apiVersion: "networking.k8s.io/v1",
            kind: "Ingress",
            metadata: {
                name,
                namespace,
                annotations: {
                    // Not every controller writes its address into the Ingress, which Pulumi would wait for.
                    "pulumi.com/skipAwait": "true",
                    ...(tls.from === "issuer" && { "cert-manager.io/cluster-issuer": tls.clusterIssuer }),
                    ...(screens.sticky === true && stickyIngress(`${name}-pod`)),
                },
            },
            spec: {
                ingressClassName: className,
                ...(tls.from !== "none" && { tls: [{ secretName, hosts: [host] }] }),
                rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
            },
        };
    }
    if (access.kind === "gateway") {
        const { listener } = access;
        return {
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: "HTTPRoute",
            metadata: { name, namespace },
            spec: {
                hostnames: [host],
                parentRefs: [
                    {
                        name: access.name,
                        namespace: access.namespace,
                        ...(listener !== undefined && { sectionName: listener }),
                    },
                ],
                rules: [{ backendRefs: [{ name, port }] }],
            },
        };
    }
    return undefined;
}

export interface WebAccess {
    readonly apiVersion: string;
    readonly kind: "Ingress" | "HTTPRoute";
    readonly metadata: {
        readonly name: string;
        readonly namespace: string;
        readonly annotations?: Record<string, string>;
    };
    readonly spec: object;
}

/** Annotations of an Ingress by which ingress-nginx brings a browser back to the same pod. */
export function stickyIngress(cookie: string): Record<string, string> {
    return {
        "nginx.ingress.kubernetes.io/affinity": "cookie",
        "nginx.ingress.kubernetes.io/affinity-mode": "persistent",
        "nginx.ingress.kubernetes.io/session-cookie-name": cookie,
        "nginx.ingress.kubernetes.io/session-cookie-max-age": "86400",
    };
}
