import { hours as hoursOf } from "../../../plan/quantities";
import { at } from "../../../records";
import type { ClusterModel } from "../../cluster-model";
import type { Found } from "../../finding";
import type { Reach } from "../../program";
import { configured, storesOf, tenantLimits, type Store } from "./stores";

/** Data that is kept and that no query may ask for, or not in one range. */
export function reaches(model: ClusterModel): Found[] {
    return storesOf(model).flatMap((store) => {
        const { retention, reaches: limits } = store;
        const kept = configured(store, ...retention.kept);
        const found = (object: string, reach: unknown, window: (key: string, limit: Reach) => unknown) =>
            Object.entries(limits)
                .map(([key, limit]) => ({ key, window: window(key, limit) }))
                .filter(({ window: cutting }) => isCut(cutting, reach))
                .map(({ key, window: cutting }) => cut(store, object, key, cutting, reach));
        return [
            ...found(store.object, kept, (_key, limit) => ofAll(store, limit)),
            ...tenantLimits(model, store).flatMap(({ object, tenant, limits: own }) =>
                found(
                    `${object} (${tenant})`,
                    at(own, retention.ofTenant) ?? kept,
                    (key, { all }) => at(own, key) ?? configured(store, ...all),
                ),
            ),
        ];
    });
}

/** The limit of every tenant without limits of its own. */
function ofAll(store: Store, { all, before }: Reach): unknown {
    return (before === undefined ? undefined : configured(store, before, undefined)) ?? configured(store, ...all);
}

function isCut(window: unknown, retention: unknown): boolean {
    const hours = hoursOf(window);
    if (hours === 0) return false;
    return hours < (hoursOf(retention) || Infinity);
}

function cut(store: Store, object: string, key: string, window: unknown, retention: unknown): Found {
    return {
        object,
        found: `${key} is ${String(window)}, what is kept reaches ${String(retention)} back`,
        wanted: `${key} of at least the retention, or 0 for no limit`,
        hint: `it follows from the retention: something under ${store.program}.values changes it`,
    };
}
