import type { z } from "zod";
import { roleSlice } from "../settings/slice";
import { tempoKind } from "./tempo/kind";
import { remoteTracesKind } from "./remote/kind";

/** The systems that may keep traces; the first is the default, the last hands all on to the hub. */
export const tracesKinds = [tempoKind, remoteTracesKind] as const;

export const tracesSlice = roleSlice(tracesKinds, { description: "Where traces are kept." });

/** Limits of a tenant, in the words of the store that is chosen. */
export type TracesTenant = z.output<(typeof tracesKinds)[number]["tenant"]["schema"]>;
