import { roleSlice } from "../settings/slice";
import { glitchtipKind } from "./glitchtip/kind";
import { noErrorsKind } from "./none/kind";
import { sentryKind } from "./sentry/kind";

/** What may keep the errors of applications; the first is the default. */
export const errorsKinds = [noErrorsKind, glitchtipKind, sentryKind] as const;

export const errorsSlice = roleSlice(errorsKinds, { description: "Where applications' errors go." });
