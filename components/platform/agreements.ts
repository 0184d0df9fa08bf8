import type { Agreements } from "../contracts/agreements";
import { everyStore } from "./roles";

/** Of every store, chosen in a stack or not: what is rendered says which programs there are. */
export const AGREEMENTS: readonly Agreements[] = everyStore.flatMap(({ agreements = [] }) => agreements);
