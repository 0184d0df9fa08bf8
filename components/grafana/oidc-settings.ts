import { z } from "zod";
import type { PlatformSettings } from "../settings/platform";
import { clientSecret, loginTlsRules, plainName, SCOPES, scopeRules, scopes, secretRotation } from "../settings/oidc";
import { about, describe, flag, text } from "../settings/types";
import { ask } from "../settings/readable";
import { problem, type SettingsProblem } from "../settings/problem";

/** The provider's addresses carry codes and tokens, so they are never plain HTTP. */
const httpsUrl = (endpoint: string) =>
    text(
        /^https:\/\/[^\s/@$%;#`"']+(\/[^\s$%;#`"']*)?$/,
        "a URL with https://, and no login in it",
        `https://id.example.com/oauth2/${endpoint}`,
    );

const group = plainName("a group's name or id", "observability-admins");
const groups = (description: string) =>
    z.array(group).register(about, { allowed: "a list of groups", example: "[observability-admins]", description });

/** Single sign-on by OpenID Connect. */
export const oidcSettings = z
    .strictObject({
        name: describe(plainName("a name", "Company login"), { description: "What the login button says." }),
        authUrl: describe(httpsUrl("authorize"), { description: "The provider's authorization endpoint." }),
        tokenUrl: describe(httpsUrl("token"), { description: "The provider's token endpoint." }),
        apiUrl: describe(httpsUrl("userinfo"), { description: "The provider's userinfo endpoint." }),
        clientId: describe(plainName("the client's id", "grafana"), {
            description: "Grafana's client at the provider.",
        }),
        clientSecret,
        rotation: secretRotation("Grafana's"),
        scopes,
        groupsClaim: plainName("the claim's name", "groups").register(about, {
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
    scopes: SCOPES,
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
    return given.oidc === undefined ? {} : { oidc: defaults };
}

export function oidcRules(
    key: string,
    oidc: OidcSettings | undefined,
    platform: Pick<PlatformSettings, "access">,
): SettingsProblem[] {
    if (oidc === undefined) return [];
    return ask(
        () => groupRules(key, oidc),
        () => scopeRules(key, oidc),
        () => loginTlsRules(key, platform),
    );
}

function groupRules(key: string, { admins, editors, viewers, defaultRole }: OidcSettings): SettingsProblem[] {
    if (admins.length + editors.length + viewers.length > 0 || defaultRole !== "refused") return [];
    const allowed = "a group in admins, editors or viewers: nobody could log in";
    return [problem(`${key}.admins`, [], allowed, "name a group")];
}
