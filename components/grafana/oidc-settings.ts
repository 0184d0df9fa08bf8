import { z } from "zod";
import type { PlatformSettings } from "../settings/platform";
import { about, describe, flag, rotation, secretText } from "../settings/types";
import { problem, type SettingsProblem } from "../settings/problem";

/** The provider's addresses carry codes and tokens, so they are never plain HTTP. */
const httpsUrl = z
    .string()
    .regex(/^https:\/\/[^\s/$%;#`"']+(\/[^\s$%;#`"']*)?$/)
    .register(about, { allowed: "a URL with https://", example: "https://id.example.com/oauth2/authorize" });

/** Goes into Grafana's ini file, where `$`, `%`, `;`, `#`, quotes and line ends have a meaning. */
const plain = (what: string, example: string) =>
    z
        .string()
        .regex(/^[A-Za-z0-9/]([A-Za-z0-9 ._@:/=,+-]*[A-Za-z0-9._@:/=,+-])?$/)
        .register(about, { allowed: `${what}: letters, digits, spaces and . _ @ : / = , + -`, example });

const group = plain("a group's name or id", "observability-admins");
const groups = (description: string) =>
    z.array(group).register(about, { allowed: "a list of groups", example: "[observability-admins]", description });

/** Single sign-on by OpenID Connect. */
export const oidcSettings = z
    .strictObject({
        name: describe(plain("a name", "Company login"), { description: "What the login button says." }),
        authUrl: describe(httpsUrl, { description: "The provider's authorization endpoint." }),
        tokenUrl: describe(httpsUrl, { description: "The provider's token endpoint." }),
        apiUrl: describe(httpsUrl, { description: "The provider's userinfo endpoint." }),
        clientId: describe(plain("the client's id", "grafana"), { description: "Grafana's client at the provider." }),
        clientSecret: describe(secretText, { description: "The client's secret." }),
        rotation: describe(rotation, {
            description: "Raise by one with each change of the client's secret: Grafana's pods restart.",
        }),
        scopes: z.array(plain("a scope", "groups")).register(about, {
            allowed: "a list of scopes",
            example: "[openid, profile, email, groups]",
            description:
                "What is asked of the provider; some give groups only for a scope, `offline_access` renews tokens.",
        }),
        groupsClaim: plain("the claim's name", "groups").register(about, {
            allowed: "a claim's name, with dots between the names where it is nested, or a URL",
            example: "realm_access.roles",
            description: "Claim that lists a user's groups.",
        }),
        admins: groups("Groups whose members become Admin."),
        editors: groups("Groups whose members become Editor."),
        viewers: groups("Groups whose members become Viewer."),
        defaultRole: z.enum(["refused", "viewer"]).register(about, {
            allowed: "refused or viewer",
            example: "refused",
            description: "What becomes of users in none of these groups.",
        }),
        autoLogin: describe(flag, {
            description:
                "Go to the provider without showing the login page, which stays at /login?disableAutoLogin for the local admin.",
        }),
    })
    .register(about, { description: "Single sign-on by OpenID Connect; local users only if absent." });

export type OidcSettings = z.infer<typeof oidcSettings>;

const defaults: Partial<OidcSettings> = {
    name: "Single sign-on",
    rotation: 1,
    scopes: ["openid", "profile", "email"],
    groupsClaim: "groups",
    admins: [],
    editors: [],
    viewers: [],
    defaultRole: "refused",
    autoLogin: false,
};

/**
 * Defaults of single sign-on, where it is wanted at all.
 * @param given Grafana's settings as they were written.
 */
export function oidcDefaults(given: Readonly<Record<string, unknown>>): object {
    return "oidc" in given ? { oidc: defaults } : {};
}

export function oidcRules(
    key: string,
    oidc: OidcSettings | undefined,
    { access }: Pick<PlatformSettings, "access">,
): SettingsProblem[] {
    if (oidc === undefined) return [];
    const problems: SettingsProblem[] = [];
    const named = [...oidc.admins, ...oidc.editors, ...oidc.viewers];
    if (named.length === 0 && oidc.defaultRole === "refused") {
        problems.push(
            problem(`${key}.admins`, [], "a group in admins, editors or viewers: nobody could log in", "name a group"),
        );
    }
    if (!oidc.scopes.includes("openid")) {
        problems.push(problem(`${key}.scopes`, oidc.scopes, "openid among the scopes", "scopes: [openid, …]"));
    }
    if (access.kind === "ingress" && access.tls.from === "none") {
        problems.push(
            problem(
                "access.tls.from",
                "none",
                `issuer or secret with ${key}: login codes and cookies would travel in the open`,
                "tls: { from: issuer, clusterIssuer: … }",
            ),
        );
    }
    return problems;
}
