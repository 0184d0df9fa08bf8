import type * as pulumi from "@pulumi/pulumi";
import type { Database } from "../contracts/database";
import type { ErrorStore } from "../contracts/error-store";
import type { ObjectStore } from "../contracts/object-store";
import { made, maker } from "../settings/make";
import type { PlatformSettings } from "../settings/platform";
import { Glitchtip } from "./glitchtip/glitchtip";
import { Sentry } from "./sentry/sentry";
import type { errorsKinds } from "./settings";

/** What every error store is given, beside its settings. */
export interface ErrorStoreArgs {
    readonly platform: PlatformSettings;
    /** Undefined where no role has buckets. */
    readonly objectStore: ObjectStore | undefined;
    /** A database for errors; undefined where the kind keeps none here. */
    readonly database: Database | undefined;
    /** The definition of PodMonitor. */
    readonly monitoringCrds: pulumi.Resource[];
}

/** The error store that the settings choose; undefined where there is none. */
export const makeErrorStore = maker<typeof errorsKinds, ErrorStoreArgs, ErrorStore | undefined>({
    none: () => undefined,
    glitchtip: (args, opts) =>
        new Glitchtip(
            "glitchtip",
            { ...args, objectStore: made(args.objectStore), database: made(args.database) },
            opts,
        ),
    sentry: (args, opts) => new Sentry("sentry", { platform: args.platform, settings: args.settings }, opts),
});
