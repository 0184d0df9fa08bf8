import type { BucketKind } from "../../settings/slice";
import { sentryDefaults, sentryRules, sentrySettings } from "./settings";

/** Sentry, or what speaks its protocol, outside of this stack. */
export const sentryKind = {
    kind: "sentry",
    namespaces: [],
    charts: [],
    workloads: [],
    told: () => undefined,
    schema: sentrySettings,
    defaults: sentryDefaults,
    rules: sentryRules,
    buckets: () => ({}),
} satisfies BucketKind<typeof sentrySettings>;
