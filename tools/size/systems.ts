import { bucketKindOf, storeKindOf, STORES, type Store } from "../../components/platform/roles";
import type { Settings } from "../../components/platform/settings";
import type { StoreKind } from "../../components/settings/slice";
import type { Needs, Room } from "../../components/sizing/figure";
import type { Load } from "../../components/sizing/load";
import { PAIR, prometheusNeeds } from "./prometheus";
import { unsentRooms } from "./unsent";

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

/** Volumes beside those of the stores, as far as the load that they hold is stated. */
export function roomsOf(settings: Settings, load: Load): Room[] {
    return [...unsentRooms(settings, load), ...(bucketKindOf("errors", settings).rooms?.(load) ?? [])];
}

/** What of a stack nothing is said of, and why. */
export function unsized(settings: Partial<Settings>, load: Load): string[] {
    const { signoz, errors } = settings;
    return [
        ...SIGNALS.flatMap((signal) => {
            const kind = storeKindOf(signal, settings);
            return kind.needs === undefined ? [`${signal} (${kind.kind}): ${why(kind)}.`] : [];
        }),
        ...(errors?.kind === "glitchtip"
            ? [
                  "errors (glitchtip): nobody has formulas for web and worker; their queue's alerts tell.",
                  ...(load.errors === undefined ? ["database.errors.volume: --errors says how many."] : []),
              ]
            : []),
        ...(signoz?.enabled === true
            ? [
                  "signoz: its ClickHouse is outside of this stack and keeps a copy of all signals; nobody has formulas for its collectors.",
              ]
            : []),
    ];
}

function why({ sends: toHub, keptOutside }: StoreKind): string {
    if (toHub === true) return "the hub keeps it; `npm run size -- --clusters` sizes the hub with it";
    return keptOutside === true ? "it is kept outside of this stack, by whoever runs it" : "nobody has formulas";
}
