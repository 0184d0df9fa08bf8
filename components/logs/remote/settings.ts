import { z } from "zod";
import { CANNOT_KEEP } from "../../settings/sender";
import { about, describe, flag } from "../../settings/types";

/** Logs that the hub keeps. */
export const remoteLogsSettings = z
    .strictObject({
        kind: describe(z.literal("remote"), { description: "What keeps the logs." }),
        lokiApi: describe(flag, {
            description: "Whether the hub's log store has Loki's push API; without it all lines go by OTLP.",
        }),
    })
    .register(about, { cannot: CANNOT_KEEP });

export type RemoteLogsSettings = z.infer<typeof remoteLogsSettings>;
