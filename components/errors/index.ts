import type { ErrorStore } from "../contracts/error-store";
import { maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import { Sentry } from "./sentry/sentry";
import type { errorsKinds } from "./settings";

/** What every error store is given, beside its settings. */
export interface ErrorStoreArgs {
    readonly platform: PlatformSettings;
}

/** The error store that the settings choose; undefined where there is none. */
export const makeErrorStore = maker<typeof errorsKinds, ErrorStoreArgs, ErrorStore | undefined>({
    none: () => undefined,
    sentry: (args, opts) => new Sentry("sentry", args, opts),
});
