import { kindOf, STORES, type Store } from "../../components/platform/roles";
import { cortexNeeds } from "./cortex";
import type { Needs } from "./figure";
import type { Load } from "./load";
import { lokiNeeds } from "./loki";
import { prometheusNeeds } from "./prometheus";
import { tempoNeeds } from "./tempo";

/** What a system needs for a load, by its kind. Of a kind without formulas there are no figures. */
const FORMULAS: Readonly<Record<Store, Readonly<Record<string, (load: Load) => Needs>>>> = {
    metrics: { cortex: cortexNeeds },
    logs: { loki: lokiNeeds },
    traces: { tempo: tempoNeeds },
};

/** The roles that keep a signal. */
export const SIGNALS = Object.keys(STORES) as Store[];

/**
 * What a signal needs: the store of the kind that stands in its role, and of metrics the pair that sends them.
 * @param settings as far as they say which kinds those are; else they are those that a stack has where none is written.
 */
export function needsOf(signal: Store, load: Load, settings: Readonly<Partial<Record<Store, unknown>>> = {}): Needs[] {
    const formula = FORMULAS[signal][kindOf(signal, settings).kind];
    return [...(formula ? [formula(load)] : []), ...(signal === "metrics" ? [prometheusNeeds(load)] : [])];
}
