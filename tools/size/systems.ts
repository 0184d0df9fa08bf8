import { storeKindOf, STORES, type Store } from "../../components/platform/roles";
import type { Needs } from "../../components/sizing/figure";
import type { Load } from "../../components/sizing/load";
import { PAIR, prometheusNeeds } from "./prometheus";

/** The roles that keep a signal. */
export const SIGNALS = Object.keys(STORES) as Store[];

/**
 * What a signal needs: the store of the kind that stands in its role, if it has formulas, and of metrics the pair that
 * sends them.
 * @param settings of the stores, of whichever kinds; else they are those that a stack has where none is written.
 * @param scraped what that pair scrapes itself: the rest is sent here by other clusters.
 */
export function needsOf(
    signal: Store,
    load: Load,
    settings: Readonly<Partial<Record<Store, unknown>>> = {},
    scraped = load,
): Needs[] {
    const kind = storeKindOf(signal, settings);
    const own = settings[signal] ?? kind.defaults(load.zones > 1 ? "zone" : "node", {});
    const needs = kind.needs?.(
        load,
        { prometheusReplicas: PAIR },
        own as Parameters<NonNullable<typeof kind.needs>>[2],
    );
    return [...(needs ? [needs] : []), ...(signal === "metrics" ? [prometheusNeeds(scraped)] : [])];
}
