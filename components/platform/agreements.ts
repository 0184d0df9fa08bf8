import type { Agreements } from "../contracts/agreements";
import { lokiAgreements } from "../logs/loki/agreements";
import { cortexAgreements } from "../metrics/cortex/agreements";
import { tempoAgreements } from "../traces/tempo/agreements";

/** Of every store, chosen in a stack or not: what is rendered says which programs there are. */
export const AGREEMENTS: readonly Agreements[] = [cortexAgreements, lokiAgreements, tempoAgreements];
