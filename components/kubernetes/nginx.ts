import { isIPv6 } from "node:net";
import type { PlatformSettings } from "../settings/platform";

/**
 * Whom nginx asks for names, as its directive `resolver` takes it. The Service's name ends in a dot: nginx looks it up once,
 * at its start, by way of the pod's search list, and ends where nothing answers; an address it looks up never. Loki's and Tempo's
 * charts lay an empty folder over the image's start scripts, which could take the address from the pod's resolv.conf.
 */
export function nginxResolver({ dns }: Pick<PlatformSettings, "dns">): string {
    if (dns.addresses.length === 0) return `${dns.service}.${dns.namespace}.svc.cluster.local.`;
    return dns.addresses.map((ip) => (isIPv6(ip) ? `[${ip}]` : ip)).join(" ");
}

/** Directives by which a server listens on a port, by each family of addresses; with IPv6 on a host without it, nginx ends. */
export function listen(port: number, { ipFamilies }: Pick<PlatformSettings, "ipFamilies">, options = ""): string {
    const end = options === "" ? ";" : ` ${options};`;
    return ipFamilies === "ipv4" ? `listen ${port}${end}` : `listen ${port}${end}\nlisten [::]:${port}${end}`;
}
