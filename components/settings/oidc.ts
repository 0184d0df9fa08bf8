import { z } from "zod";
import type { PlatformSettings } from "./platform";
import { problem, type SettingsProblem } from "./problem";
import { about, describe, rotation, secretText, text } from "./types";

/** What is the same of single sign-on by OpenID Connect in whatever people log in to. */

/** Goes into ini files, YAML and JSON, where `$`, `%`, `;`, `#`, quotes, braces and line ends have a meaning. */
export const plainName = (what: string, example: string) =>
    text(
        /^[A-Za-z0-9/]([A-Za-z0-9 ._@:/=,+-]*[A-Za-z0-9._@:/=,+-])?$/,
        `${what}: letters, digits, spaces and . _ @ : / = , + -, at most 256`,
        example,
        256,
    );

export const clientSecret = describe(secretText, { description: "The client's secret." });

/** @param whose pods restart. */
export const secretRotation = (whose: string) =>
    describe(rotation, { description: `Raise by one with each change of the client's secret: ${whose} pods restart.` });

/** On the wire a space stands between two of them: https://datatracker.ietf.org/doc/html/rfc6749#section-3.3 */
const scope = text(
    /^[A-Za-z0-9._:/@=+-]+$/,
    "a scope: letters, digits and . _ @ : / = + -, at most 256",
    "groups",
    256,
);

export const scopes = z.array(scope).register(about, {
    allowed: "a list of scopes",
    example: "[openid, profile, email, groups]",
    description: "What is asked of the provider; some give groups only for a scope, `offline_access` renews tokens.",
});

export const SCOPES = ["openid", "profile", "email"];

export function scopeRules(key: string, { scopes: asked }: { readonly scopes: readonly string[] }): SettingsProblem[] {
    if (asked.includes("openid")) return [];
    return [problem(`${key}.scopes`, asked, "openid among the scopes", "scopes: [openid, …]")];
}

/** @param key where single sign-on is set. */
export function loginTlsRules(key: string, { access }: Pick<PlatformSettings, "access">): SettingsProblem[] {
    if (access.kind !== "ingress" || access.tls.from !== "none") return [];
    const allowed = `issuer or secret with ${key}: login codes and cookies would travel in the open`;
    return [problem("access.tls.from", "none", allowed, "tls: { from: issuer, clusterIssuer: … }")];
}
