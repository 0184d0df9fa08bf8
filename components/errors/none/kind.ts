import { z } from "zod";
import type { RoleKind } from "../../settings/slice";
import { describe } from "../../settings/types";

export const noErrorsSettings = z.strictObject({
    kind: describe(z.literal("none"), {
        description: "Where applications' errors go; with none they are seen in logs and traces alone.",
        otherNames: { glitchtip: "kind: sentry, with the url of your GlitchTip: it speaks Sentry's protocol" },
    }),
});

/** Nothing in the role: applications' errors are seen in their logs and traces alone. */
export const noErrorsKind = {
    kind: "none",
    namespaces: [],
    charts: [],
    workloads: [],
    told: () => undefined,
    schema: noErrorsSettings,
    defaults: () => ({ kind: "none" as const }),
    rules: () => [],
} satisfies RoleKind<typeof noErrorsSettings>;
