import { z } from "zod";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { describe, openUrl } from "../../settings/types";
import { projectRules, projectsSettings } from "../projects";

export const sentrySettings = z.strictObject({
    kind: describe(z.literal("sentry"), {
        description:
            "An address outside of this stack that takes what Sentry's SDKs send: Sentry's own, or a Sentry or GlitchTip that somebody runs.",
    }),
    url: describe(openUrl, {
        description: "Where people open it.",
        example: "https://example.sentry.io",
    }),
    healthUrl: describe(openUrl, {
        description: "URL that answers 200 while it serves, which is probed; `/_health/` below `url` if absent.",
        example: "https://example.sentry.io/_health/",
    }).optional(),
    projects: projectsSettings,
});

export type SentrySettings = z.infer<typeof sentrySettings>;

export function sentryDefaults() {
    return { kind: "sentry" as const, projects: [] };
}

export function sentryRules(settings: SentrySettings): SettingsProblem[] {
    return ask(
        () => addressRules(settings),
        () => projectRules(settings.projects),
    );
}

/** What applications knew when they failed, users' data among it, stands in events. */
function addressRules({ url, healthUrl }: SentrySettings): SettingsProblem[] {
    const open = (path: string, given: string | undefined) => {
        if (given === undefined || !URL.canParse(given)) return [];
        const { protocol, hostname } = new URL(given);
        if (protocol === "https:" || /\.svc(\.cluster\.local)?$/.test(hostname)) return [];
        const fix = `write ${given.replace("http:", "https:")}`;
        return [problem(path, given, "https:// outside of the cluster", fix)];
    };
    return [...open("errors.url", url), ...open("errors.healthUrl", healthUrl)];
}
