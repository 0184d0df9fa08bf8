import { senderKind } from "../../settings/sender";
import { remoteLogsSettings } from "./settings";

/** The hub in the role of the log store. */
export const remoteLogsKind = senderKind(remoteLogsSettings, { lokiApi: true });
