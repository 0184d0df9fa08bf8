import { z } from "zod";
import type { Dsn } from "../contracts/error-store";
import { problem, type SettingsProblem } from "../settings/problem";
import { describe, dnsLabel, objectName } from "../settings/types";

/** The key of a project's Secret that holds its DSN: SDKs read a variable of this name by themselves. */
const DSN_KEY = "SENTRY_DSN";

const project = z.strictObject({
    name: describe(dnsLabel, { description: "Name by which outputs tell of it.", example: "shop" }),
    namespace: describe(dnsLabel, { description: "Namespace of its pods, with the Secret in it.", example: "shop" }),
    secret: describe(objectName, {
        description: `Existing Secret of that namespace, with the project's DSN under the key ${DSN_KEY}.`,
        example: "sentry",
    }),
});

/** Projects of whatever speaks Sentry's protocol. */
export const projectsSettings = describe(z.array(project), {
    description: "Projects whose DSN the output `push` tells teams where to find.",
    allowed: "a list of { name, namespace, secret }",
    example: "[{ name: shop, namespace: shop, secret: sentry }]",
});

export type Projects = z.infer<typeof projectsSettings>;

export function projectRules(projects: Projects): SettingsProblem[] {
    return projects.flatMap(({ name }, index) => {
        if (projects.findIndex((each) => each.name === name) === index) return [];
        return [problem(`errors.projects[${index}].name`, name, "a name of its own", "write another name")];
    });
}

/** Where each project's DSN is. */
export function dsnsOf(projects: Projects): Record<string, Dsn> {
    return Object.fromEntries(
        projects.map(({ name, namespace, secret }) => [name, { namespace, secret, key: DSN_KEY }]),
    );
}
