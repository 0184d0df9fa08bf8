import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformSettings } from "../settings/platform";
import { nginxSize, PUSH } from "../contracts/push-sizes";
import { GATEWAY, pushHost, TLS_SECRET } from "./names";
import { metadata } from "./gateway";
import type { IngestGatewaySettings } from "./settings";

type Access = PlatformSettings["access"];

/** ingress-nginx refuses bodies beyond a megabyte otherwise; other controllers pass over it. */
const LARGE_BODIES = { "nginx.ingress.kubernetes.io/proxy-body-size": nginxSize(PUSH) };

/** The gateway's own certificate, where it ends TLS itself and cert-manager is to make it. */
export function ownCertificate(
    auth: IngestGatewaySettings["auth"],
    domain: string,
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    if (auth.by === "password" || auth.serverCertificate.from === "secret") return [];
    const { clusterIssuer } = auth.serverCertificate;
    const spec = {
        secretName: TLS_SECRET,
        dnsNames: [pushHost(domain)],
        issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: clusterIssuer },
    };
    const certificate = { apiVersion: "cert-manager.io/v1", kind: "Certificate", metadata, spec };
    return [new k8s.apiextensions.CustomResource(`${GATEWAY}-certificate`, certificate, opts)];
}

/** The way in from outside, by these paths exactly: an Ingress, or a route of the Gateway's HTTPS listener. */
export function pushIngress(
    { access, domain }: Pick<PlatformSettings, "access" | "domain">,
    paths: readonly string[],
    opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
    const host = pushHost(domain);
    if (access.kind === "ingress") {
        return [new k8s.networking.v1.Ingress(GATEWAY, ingress(access, host, paths), opts)];
    }
    if (access.kind === "gateway") {
        return [new k8s.apiextensions.CustomResource(GATEWAY, route(access, host, paths), opts)];
    }
    return [];
}

export function ingress(access: Extract<Access, { kind: "ingress" }>, host: string, paths: readonly string[]) {
    const { tls, className } = access;
    const secretName = tls.from === "secret" ? tls.secretName : TLS_SECRET;
    const service = { name: GATEWAY, port: { name: "http" } };
    return {
        metadata: {
            ...metadata,
            annotations: {
                ...LARGE_BODIES,
                // Not every controller writes its address into the Ingress, which Pulumi would wait for.
                "pulumi.com/skipAwait": "true",
                ...(tls.from === "issuer" && { "cert-manager.io/cluster-issuer": tls.clusterIssuer }),
            },
        },
        spec: {
            ingressClassName: className,
            tls: [{ secretName, hosts: [host] }],
            rules: [
                { host, http: { paths: paths.map((path) => ({ path, pathType: "Exact", backend: { service } })) } },
            ],
        },
    };
}

export function route(access: Extract<Access, { kind: "gateway" }>, host: string, paths: readonly string[]) {
    const { name, namespace, listener } = access;
    return {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata,
        spec: {
            hostnames: [host],
            parentRefs: [{ name, namespace, sectionName: listener }],
            rules: [
                {
                    matches: paths.map((value) => ({ path: { type: "Exact", value }, method: "POST" })),
                    backendRefs: [{ name: GATEWAY, port: 80 }],
                },
            ],
        },
    };
}
