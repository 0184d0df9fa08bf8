import type { Check } from "./check";

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [];
