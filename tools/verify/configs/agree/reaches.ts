import { hours as hoursOf } from "../../../plan/quantities";
import { at } from "../../../records";
import type { ClusterModel } from "../../cluster-model";
import type { Found } from "../../finding";
import { configured, storesOf, tenantLimits, type Store } from "./stores";

/** Where a store says how long it keeps a tenant's data, and limits that cut off what a query may ask of it. */
interface Reach {
    readonly kept: readonly [key: string, fallback: string];
    /** The same among a tenant's own limits. */
    readonly tenantKept: string;
    /** Limits that a tenant may have of its own: below `all` for everybody, by the last key for one of them. */
    readonly limits: Readonly<Record<string, { readonly all: string; readonly fallback: string }>>;
}

// Fallbacks: the pinned versions' own defaults, from their configuration references. Zero is no limit.
const REACHES: Readonly<Record<string, Reach | undefined>> = {
    cortex: {
        kept: ["limits.compactor_blocks_retention_period", "0s"],
        tenantKept: "compactor_blocks_retention_period",
        limits: {
            max_query_length: { all: "limits.max_query_length", fallback: "0s" },
            max_query_lookback: { all: "limits.max_query_lookback", fallback: "0s" },
        },
    },
    loki: {
        kept: ["limits_config.retention_period", "0s"],
        tenantKept: "retention_period",
        limits: {
            max_query_length: { all: "limits_config.max_query_length", fallback: "721h" },
            max_query_lookback: { all: "limits_config.max_query_lookback", fallback: "0s" },
            max_query_range: { all: "limits_config.max_query_range", fallback: "0s" },
        },
    },
    tempo: {
        kept: ["compactor.compaction.block_retention", "336h"],
        tenantKept: "compaction.block_retention",
        limits: {
            "read.max_search_duration": { all: "query_frontend.search.max_duration", fallback: "168h" },
            "read.max_metrics_duration": { all: "query_frontend.metrics.max_duration", fallback: "3h" },
        },
    },
};

/** Data that is kept and that no query may ask for, or not in one range. */
export function reaches(model: ClusterModel): Found[] {
    return storesOf(model).flatMap((store) => {
        const reach = REACHES[store.program];
        if (reach === undefined) return [];
        const { kept, limits, tenantKept } = reach;
        const all = Object.fromEntries(
            Object.entries(limits).map(([own, { all: key, fallback }]) => {
                // Tempo reads a limit of the overrides, where there is one, before the frontend's.
                const override =
                    store.program === "tempo" ? configured(store, `overrides.defaults.${own}`, undefined) : undefined;
                return [own, override ?? configured(store, key, fallback)];
            }),
        );
        const found = (object: string, retention: unknown, windows: Readonly<Record<string, unknown>>) =>
            Object.entries(windows)
                .filter(([, window]) => isCut(window, retention))
                .map(([key, window]) => cut(store, object, key, window, retention));
        const retention = configured(store, ...kept);
        return [
            ...found(store.object, retention, all),
            ...tenantLimits(model, store).flatMap(({ object, tenant, limits: own }) =>
                found(
                    `${object} (${tenant})`,
                    at(own, tenantKept) ?? retention,
                    Object.fromEntries(
                        // Of a tenant with overrides Tempo takes none of the defaults.
                        Object.entries(limits).map(([key, { all: path, fallback }]) => [
                            key,
                            at(own, key) ?? (store.program === "tempo" ? configured(store, path, fallback) : all[key]),
                        ]),
                    ),
                ),
            ),
        ];
    });
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
