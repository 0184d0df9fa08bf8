import { z } from "zod";
import {
    clientSecret,
    loginTlsRules,
    plainName,
    SCOPES,
    scopeRules,
    scopes,
    secretRotation,
} from "../../settings/oidc";
import type { PlatformSettings } from "../../settings/platform";
import { problem, type SettingsProblem } from "../../settings/problem";
import { about, describe, flag, text } from "../../settings/types";
import { AT } from "./workloads";

const KEY = `${AT}.dashboards.oidc`;

/** Single sign-on: the nodes check what the provider has signed, by its discovery document. */
const oidc = z
    .strictObject({
        discoveryUrl: describe(
            text(
                /^https:\/\/[^\s/@$%;#`"'{}]+\/[^\s$%;#`"'{}]*$/,
                "the URL of a document, with https:// and a path, and no login in it",
                "https://id.example.com/.well-known/openid-configuration",
            ),
            {
                description:
                    "The provider's discovery document; its other addresses have to be at the same port. Nodes and Dashboards read it.",
            },
        ),
        clientId: describe(plainName("the client's id", "opensearch"), {
            description:
                "Dashboards' client at the provider, with the redirect URI `https://logs.<domain>/auth/openid/login`.",
        }),
        clientSecret,
        rotation: secretRotation("Dashboards'"),
        scopes,
        userClaim: plainName("the claim's name", "email").register(about, {
            allowed: "a claim's name",
            example: "email",
            description: "Claim of the ID token with a user's name.",
        }),
        groupsClaim: plainName("the claim's name", "groups").register(about, {
            allowed: "a claim's name",
            example: "groups",
            description: "Claim of the ID token that lists a user's groups.",
        }),
        readers: z.array(plainName("a group's name or id", "observability-viewers")).register(about, {
            allowed: "a list of groups",
            example: "[observability-viewers]",
            description: "Groups whose members read lines; others are refused.",
        }),
    })
    .register(about, { description: "Single sign-on by OpenID Connect; the local user alone if absent." });

export const dashboardsSettings = z.strictObject({
    enabled: describe(flag, {
        description:
            "Run OpenSearch Dashboards, at `logs.<domain>` where `access` opens Grafana. People read lines there as the user viewer, or by single sign-on.",
    }),
    oidc: oidc.optional(),
});

export type DashboardsSettings = z.infer<typeof dashboardsSettings>;

const OIDC: Partial<z.infer<typeof oidc>> = {
    rotation: 1,
    scopes: SCOPES,
    userClaim: "preferred_username",
    groupsClaim: "groups",
    readers: [],
};

/** @param given settings of logs as they were written. */
export function dashboardsDefaults(given: Readonly<Record<string, unknown>>): DashboardsSettings {
    const { dashboards } = given as { dashboards?: { oidc?: unknown } | null };
    return { enabled: false, ...(dashboards?.oidc !== undefined && { oidc: OIDC }) } as DashboardsSettings;
}

export function dashboardsRules(
    { enabled, oidc }: DashboardsSettings,
    platform: Pick<PlatformSettings, "access">,
): SettingsProblem[] {
    if (oidc === undefined) return [];
    return [
        ...(enabled
            ? []
            : [
                  problem(
                      `${AT}.dashboards.enabled`,
                      enabled,
                      `true with ${KEY}: nobody else logs in by it`,
                      "write enabled: true",
                  ),
              ]),
        ...(oidc.readers.length > 0
            ? []
            : [problem(`${KEY}.readers`, [], "a group: nobody could log in", "name a group")]),
        ...scopeRules(KEY, oidc),
        ...loginTlsRules(KEY, platform),
    ];
}
