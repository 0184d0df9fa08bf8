import { z } from "zod";
import { CANNOT_KEEP } from "../../settings/sender";
import { about, describe } from "../../settings/types";

/** Traces that the hub keeps. */
export const remoteTracesSettings = z
    .strictObject({ kind: describe(z.literal("remote"), { description: "What keeps the traces." }) })
    .register(about, { cannot: CANNOT_KEEP });

export type RemoteTracesSettings = z.infer<typeof remoteTracesSettings>;
