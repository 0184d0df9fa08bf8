import type { Agreements } from "../contracts/agreements";
import type { ProgramFlags } from "../contracts/flags";
import { everyStore } from "./roles";

/** Of every store, chosen in a stack or not: what is rendered says which programs there are. */
export const AGREEMENTS: readonly Agreements[] = everyStore.flatMap(({ agreements = [] }) => agreements);

/** Of the stores whose programs are set by arguments alone. */
export const FLAGS: readonly ProgramFlags[] = everyStore.flatMap(({ flags = [] }) => flags);
