import { OIDC_SECRET } from "./names";
import type { OidcSettings } from "./oidc-settings";

/** Grafana's sections for single sign-on. The client's secret comes by the environment. */
export function oidcIni(oidc: OidcSettings | undefined): Record<string, unknown> {
    if (oidc === undefined) return {};
    return {
        // Roles follow groups at each login: this is how long a lost group may still open Grafana.
        auth: { login_maximum_lifetime_duration: "1d" },
        "auth.generic_oauth": {
            enabled: true,
            name: oidc.name,
            client_id: oidc.clientId,
            auth_url: oidc.authUrl,
            token_url: oidc.tokenUrl,
            api_url: oidc.apiUrl,
            scopes: oidc.scopes.join(" "),
            // Who may come in is decided by the groups below, not by who was here before.
            allow_sign_up: true,
            auto_login: oidc.autoLogin,
            use_pkce: true,
            use_refresh_token: oidc.scopes.includes("offline_access"),
            role_attribute_path: roleAttributePath(oidc),
            // Whoever gets no role is refused; otherwise Grafana makes a viewer of them.
            role_attribute_strict: oidc.defaultRole === "refused",
            allow_assign_grafana_admin: false,
        },
    };
}

export function oidcEnv(oidc: OidcSettings | undefined) {
    if (oidc === undefined) return {};
    return {
        GF_AUTH_GENERIC_OAUTH_CLIENT_SECRET: { secretKeyRef: { name: OIDC_SECRET, key: "client-secret" } },
    };
}

/**
 * The JMESPath expression by which Grafana finds a user's role in the claims: the highest that one of the groups gives.
 * Grafana asks it of the ID token and then of the userinfo, and takes the first answer, so it has none for other users.
 * `to_array`, since `contains` would look for a part of the text in a claim that is no list, and fail on one that is
 * absent. Groups have no quotes or backslashes (see the settings), so that none can end its text.
 */
export function roleAttributePath(oidc: Pick<OidcSettings, "groupsClaim" | "admins" | "editors" | "viewers">): string {
    const claim = claimPath(oidc.groupsClaim);
    const role = (groups: readonly string[], name: string) =>
        groups.map((group) => `contains(to_array(${claim}), '${group}') && '${name}'`);
    return [...role(oidc.admins, "Admin"), ...role(oidc.editors, "Editor"), ...role(oidc.viewers, "Viewer")].join(
        " || ",
    );
}

/** A URL is one name, though it has dots in it. */
function claimPath(claim: string): string {
    const names = claim.includes("/") ? [claim] : claim.split(".");
    return names.map((name) => JSON.stringify(name)).join(".");
}
