import type { Headers } from "../../contracts/tenancy";

/** A way to probe, as the exporter's configuration has it. */
export interface Module {
    readonly prober: string;
    readonly [option: string]: unknown;
}

/** Tries the address family that clusters have; a name with both would else be tried by IPv6 alone. */
const FAMILY = { preferred_ip_protocol: "ip4" };
const HTTP = { ...FAMILY, valid_http_versions: ["HTTP/1.1", "HTTP/2.0"] };

/** Modules that are always there. Their timeout stays below Prometheus' own of ten seconds. */
export const MODULES = {
    /** Answers with a status of 2xx, redirects followed; an https address with a certificate that the image trusts. */
    http_2xx: { prober: "http", timeout: "5s", http: HTTP },
    /** Takes a connection. */
    tcp_connect: { prober: "tcp", timeout: "5s", tcp: FAMILY },
    /** Takes a connection and shows a trusted certificate, whose end is measured. */
    tls_connect: { prober: "tcp", timeout: "5s", tcp: { ...FAMILY, tls: true } },
} as const satisfies Record<string, Module>;

/** Asks a store as Grafana does: with the tenant. */
export const STORE_QUERY = "store_query";

/**
 * Every module of a stack: those above, the stores', and the user's own, which may replace any of them.
 * @param headers what the stores ask of a query.
 */
export function allModules(headers: Headers, own: Readonly<Record<string, Module>>): Record<string, Module> {
    const asked = Object.keys(headers).length === 0 ? HTTP : { ...HTTP, headers };
    const storeQuery = { prober: "http", timeout: "8s", http: asked };
    return { ...MODULES, [STORE_QUERY]: storeQuery, ...own };
}
