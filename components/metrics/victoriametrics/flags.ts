import type { ProgramFlags } from "../../contracts/flags";
import { TENANT_HEADER } from "../../contracts/tenancy";
import type { PlatformSettings } from "../../settings/platform";
import table from "./flags.gen.json";
import { PORTS, ROUTES, TITLE, type Use } from "./names";

/** Flags by name, without dashes, as the charts take them. */
export type Flags = Readonly<Record<string, string>>;

/**
 * What every program is told. Their flags are not taken from variables too: the chart's way to set one past these values, by
 * names that begin as those which Kubernetes gives to the addresses of Services.
 */
export function common({ ipFamilies }: Pick<PlatformSettings, "ipFamilies">): Flags {
    return {
        "envflag.enable": "false",
        loggerFormat: "json",
        // Without it a program neither listens on nor dials IPv6.
        ...(ipFamilies !== "ipv4" && { enableTCP6: "true" }),
    };
}

/** One of vmauth's two processes, without the address that it listens on. */
export function vmauthFlags(use: Use, platform: Pick<PlatformSettings, "ipFamilies">, single: boolean): Flags {
    return {
        ...common(platform),
        "auth.config": `${ROUTES}/${use}.yml`,
        // A tenant that is added needs no restart.
        configCheckInterval: "30s",
        httpInternalListenAddr: `:${use === "push" ? PORTS.pushMetrics : PORTS.queryMetrics}`,
        ...(single
            ? {}
            : {
                  httpAuthHeader: TENANT_HEADER,
                  // The Services before vminsert and vmselect have no address: each request goes to the one that has least to do.
                  discoverBackendIPs: "true",
              }),
        // All of Prometheus' connections are one tenant's.
        maxConcurrentPerUserRequests: "500",
    };
}

/** As a program's command line. */
export function asArguments(flags: Flags): string[] {
    return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}

/** What its programs for several servers may be told; the one process has flags of its own beside these. */
export const vmFlags: ProgramFlags = {
    program: "vm(?:agent|alert|auth|backup|insert|select|storage)",
    title: TITLE,
    table,
};
