import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformSettings } from "../settings/platform";
import { NAME, NAMESPACE, PORTS, RELEASE, screensUrl, TLS_SECRET } from "./names";
import type { ChartValues } from "./values.gen";

type Reached = Pick<PlatformSettings, "access" | "domain">;

const hostOf = (domain: string) => `${NAME}.${domain}`;

/** Where people open it; without an ingress its Service, for a port-forward. */
export function screensAddress({ access, domain }: Reached): string {
    if (access.kind === "none") return screensUrl;
    const plain = access.kind === "ingress" && access.tls.from === "none";
    return `${plain ? "http" : "https"}://${hostOf(domain)}`;
}

/** The Ingress, where the platform's access is by one. */
export function accessValues({ access, domain }: Reached): Pick<NonNullable<ChartValues["signoz"]>, "ingress"> {
    if (access.kind !== "ingress") return {};
    const { tls, className } = access;
    const host = hostOf(domain);
    const secretName = tls.from === "secret" ? tls.secretName : TLS_SECRET;
    return {
        ingress: {
            enabled: true,
            className,
            annotations: tls.from === "issuer" ? { "cert-manager.io/cluster-issuer": tls.clusterIssuer } : {},
            hosts: [{ host, paths: [{ path: "/", pathType: "Prefix", port: PORTS.screens }] }],
            tls: tls.from === "none" ? [] : [{ secretName, hosts: [host] }],
        },
    };
}

/** The route of the Gateway's listener, where the platform's access is by one: the chart has none. */
export function screensRoute({ access, domain }: Reached, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
    if (access.kind !== "gateway") return [];
    const { name, namespace, listener } = access;
    const route = {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: RELEASE, namespace: NAMESPACE },
        spec: {
            hostnames: [hostOf(domain)],
            parentRefs: [{ name, namespace, ...(listener !== undefined && { sectionName: listener }) }],
            rules: [{ backendRefs: [{ name: RELEASE, port: PORTS.screens }] }],
        },
    };
    return [new k8s.apiextensions.CustomResource(`${RELEASE}-route`, route, opts)];
}
