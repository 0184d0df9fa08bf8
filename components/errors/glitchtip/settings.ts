import { z } from "zod";
import type { Survives } from "../../kubernetes/placement";
import { clientSecret, loginTlsRules, plainName } from "../../settings/oidc";
import type { PlatformSettings } from "../../settings/platform";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { fewest, replicaRules } from "../../settings/replicas";
import { about, bucketName, describe, duration, replicas, rotation, secretText, text } from "../../settings/types";
import { hours } from "../../settings/units";
import { projectRules, projectsSettings } from "../projects";
import { AT, glitchtipReplicated } from "./workloads";

const address = text(/^[^\s@<>]+@[^\s@<>]+$/, "a mail address", "errors@example.com", 254);

/** Single sign-on by OpenID Connect. */
const oidc = z
    .strictObject({
        name: describe(plainName("a name", "Company login"), { description: "What the login button says." }),
        serverUrl: describe(
            text(
                /^https:\/\/[^\s/@"'\\]+(\/[^\s"'\\]*)?$/,
                "a URL with https://, and no login in it",
                "https://id.example.com",
            ),
            { description: "The provider's issuer, below which its discovery document is." },
        ),
        clientId: describe(plainName("the client's id", "glitchtip"), {
            description:
                "GlitchTip's client at the provider, with the redirect URI `https://errors.<domain>/accounts/oidc/login/login/callback/`. Whom the provider gives it to may log in: GlitchTip looks at no groups.",
        }),
        clientSecret,
    })
    .register(about, { description: "Single sign-on by OpenID Connect; local users only if absent." });

const mail = z
    .strictObject({
        url: describe(secretText, {
            description: "Where mail is handed in: `smtp+tls://user:password@smtp.example.com:587`.",
        }),
        from: describe(address, { description: "Sender of mails." }),
    })
    .register(about, { description: "Tells people of new errors by mail; nobody is mailed if absent." });

/** GlitchTip in this stack: what Sentry's SDKs send, in; issues, out. Its database is `database.errors`. */
export const glitchtipSettings = z.strictObject({
    kind: describe(z.literal("glitchtip"), {
        description: "GlitchTip, run in this stack, which takes what Sentry's SDKs send.",
    }),
    retention: describe(duration, {
        allowed: "a whole number of days, at least 1d",
        example: "30d",
        description: "How long errors and their attachments are kept.",
    }),
    admin: describe(address, {
        description: "The first user, who may do everything; its password is in the Secret glitchtip-admin.",
    }),
    replicas: z.strictObject({
        web: describe(replicas, { description: "Take errors, and show them." }),
        worker: describe(replicas, { description: "Make issues of errors, and tell people of them." }),
    }),
    buckets: z.strictObject({
        attachments: describe(bucketName, {
            description: "Bucket of attachments, source maps and debug files.",
            example: "glitchtip-attachments",
        }),
    }),
    oidc: oidc.optional(),
    mail: mail.optional(),
    projects: projectsSettings,
    rotation: describe(rotation, {
        description:
            "Raise by one for a new password of the first user and a new key of sessions, or with a change of oidc or mail.",
    }),
});

export type GlitchtipSettings = z.infer<typeof glitchtipSettings>;

export function glitchtipDefaults(survives: Survives) {
    return {
        kind: "glitchtip" as const,
        retention: "30d",
        admin: "admin@localhost",
        replicas: fewest(glitchtipReplicated, survives),
        buckets: { attachments: "glitchtip-attachments" },
        ...{ projects: [], rotation: 1 },
    };
}

/** Whole days, as GlitchTip counts. */
export function days(retention: string): number {
    return hours(retention) / 24;
}

export function glitchtipRules(
    settings: GlitchtipSettings,
    platform: Pick<PlatformSettings, "survives" | "access">,
): SettingsProblem[] {
    const { oidc: login, retention } = settings;
    return ask(
        () => replicaRules(glitchtipReplicated, settings.replicas, platform.survives),
        () => projectRules(settings.projects),
        () =>
            Number.isInteger(days(retention)) && days(retention) >= 1
                ? []
                : [problem(`${AT}.retention`, retention, "whole days, at least 1d", "write 30d")],
        () => (login === undefined ? [] : loginTlsRules(`${AT}.oidc`, platform)),
    );
}
