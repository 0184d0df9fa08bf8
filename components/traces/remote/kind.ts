import { senderKind } from "../../settings/sender";
import { remoteTracesSettings } from "./settings";

/** The hub in the role of the trace store. */
export const remoteTracesKind = senderKind(remoteTracesSettings, {});
