import { hours } from "../../../plan/quantities";
import { at, records } from "../../../records";
import type { Check } from "../../check";
import type { Found } from "../../finding";
import type { ClusterModel } from "../../cluster-model";
import type { Window } from "../../program";
import { reaches } from "./reaches";
import { configured, isOn, storesOf, tenantLimits, type Store } from "./stores";

export const windows: Check = {
    name: "query-windows",
    promise:
        "Between what ingesters hold and what the bucket has no query finds a gap, and all that is kept may be asked for",
    run: (model) => [
        ...storesOf(model).flatMap((store) => store.windows.flatMap((window) => tooShort(store, window))),
        ...reaches(model),
    ],
};

function tooShort(store: Store, { longer, shorter, otherwise, orEqual = false }: Window): Found[] {
    const long = configured(store, ...longer);
    const short = configured(store, ...shorter);
    const [upper, lower] = [hours(long), hours(short)];
    if (upper === 0 || upper > lower || (orEqual && upper === lower)) return [];
    return [
        {
            object: store.object,
            found: `${longer[0]} is ${String(long)}, ${shorter[0]} is ${String(short)}: ${otherwise}`,
            wanted: `${longer[0]} ${orEqual ? "at least as long as" : "longer than"} ${shorter[0]}`,
            hint: `windows under ${store.settings}, or what stands under ${store.settings}.values`,
        },
    ];
}

export const retention: Check = {
    name: "retention",
    promise: "What is kept is kept as long as it is said, and deleted then",
    run: (model) => storesOf(model).flatMap((store) => [...own(store), ...ofTenants(model, store)]),
};

function own(store: Store): Found[] {
    const { kept, onlyIf } = store.retention;
    const given = configured(store, ...kept);
    const off = isOn(store, onlyIf) ? kept[0] : onlyIf;
    if (off === kept[0] && hours(given) > 0) return belowPeriod(store, kept[0], given, store.object);
    return [
        {
            object: store.object,
            found: `${String(off)} is off: nothing is ever deleted`,
            wanted: "a retention",
            hint: `${store.settings}.retention sets it: something under ${store.settings}.values changes it`,
        },
    ];
}

function ofTenants(model: ClusterModel, store: Store): Found[] {
    const { ofTenant: key } = store.retention;
    return tenantLimits(model, store).flatMap(({ tenant, limits, object }) => {
        const given = at(limits, key);
        return given === undefined ? [] : belowPeriod(store, `overrides.${tenant}.${key}`, given, object);
    });
}

/** Days are the shortest period that an index has. */
const SHORTEST = 24;

function belowPeriod(
    { config, program, retention: { period }, settings }: Store,
    key: string,
    kept: unknown,
    object: string,
): Found[] {
    if (period === undefined) return [];
    const periods = records(at(config, period.list)).map((each) => hours(at(each, period.at) ?? period.fallback));
    const least = Math.max(SHORTEST, ...periods);
    if (hours(kept) >= least) return [];
    return [
        {
            object,
            found: `${key} is ${String(kept)}, shorter than the index period of ${least}h, and ${program} lets it pass`,
            wanted: `at least ${least}h`,
            hint: `${settings}.retention, or the tenant's own`,
        },
    ];
}
