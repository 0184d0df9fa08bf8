import { z } from "zod";
import type { BucketKind } from "../../settings/slice";
import { describe } from "../../settings/types";

export const noErrorsSettings = z.strictObject({
    kind: describe(z.literal("none"), {
        description: "Where applications' errors go; with none they are seen in logs and traces alone.",
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
    buckets: () => ({}),
} satisfies BucketKind<typeof noErrorsSettings>;
