import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { webAccess, webUrl } from "../kubernetes/web-access";
import type { PlatformSettings } from "../settings/platform";
import { NAMESPACE, PORTS, RELEASE, screensUrl } from "./names";

type Reached = Pick<PlatformSettings, "access" | "domain">;

const hostOf = (domain: string) => `${RELEASE}.${domain}`;

/** Where people open it; without an ingress its Service, for a port-forward. */
export function screensAddress({ access, domain }: Reached): string {
    return webUrl(access, hostOf(domain), screensUrl);
}

/** The way to its screens, as the platform's access says: the chart has none by a Gateway. */
export function screensAccess({ access, domain }: Reached, opts: pulumi.CustomResourceOptions): pulumi.Resource[] {
    const screens = { name: RELEASE, namespace: NAMESPACE, host: hostOf(domain), port: PORTS.screens };
    const way = webAccess(access, screens);
    return way === undefined ? [] : [new k8s.apiextensions.CustomResource(`${RELEASE}-access`, way, opts)];
}
