import { z } from "zod";
import { problem, type SettingsProblem } from "../../settings/problem";
import { ask } from "../../settings/readable";
import { describe, dnsLabel, objectName, openUrl } from "../../settings/types";

/** The key of a project's Secret that holds its DSN: SDKs read a variable of this name by themselves. */
export const DSN_KEY = "SENTRY_DSN";

const project = z.strictObject({
    name: describe(dnsLabel, { description: "Name by which outputs tell of it.", example: "shop" }),
    namespace: describe(dnsLabel, { description: "Namespace of its pods, with the Secret in it.", example: "shop" }),
    secret: describe(objectName, {
        description: `Existing Secret of that namespace, with the project's DSN under the key ${DSN_KEY}.`,
        example: "sentry",
    }),
});

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
    projects: describe(z.array(project), {
        description: "Projects whose DSN the output `push` tells teams where to find.",
        allowed: "a list of { name, namespace, secret }",
        example: "[{ name: shop, namespace: shop, secret: sentry }]",
    }),
});

export type SentrySettings = z.infer<typeof sentrySettings>;

export function sentryDefaults() {
    return { kind: "sentry" as const, projects: [] };
}

export function sentryRules(settings: SentrySettings): SettingsProblem[] {
    return ask(
        () => addressRules(settings),
        () => projectRules(settings),
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

function projectRules({ projects }: SentrySettings): SettingsProblem[] {
    return projects.flatMap(({ name }, index) => {
        if (projects.findIndex((each) => each.name === name) === index) return [];
        return [problem(`errors.projects[${index}].name`, name, "a name of its own", "write another name")];
    });
}
