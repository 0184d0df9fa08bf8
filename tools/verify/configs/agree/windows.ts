import { record, records } from "../../../records";
import { parseGoYaml } from "../../../go-yaml";
import type { Check } from "../../check";
import type { Found } from "../../finding";
import { nameOf, type ClusterModel } from "../../cluster-model";
import { configFiles } from "../files";
import { reaches } from "./reaches";
import { configured, hoursOf, storesOf, type Store } from "./stores";

export const windows: Check = {
    name: "query-windows",
    promise:
        "Between what ingesters hold and what the bucket has no query finds a gap, and all that is kept may be asked for",
    run: (model) => [...storesOf(model).flatMap((store) => WINDOWS[store.program](store)), ...reaches(model)],
};

export const retention: Check = {
    name: "retention",
    promise: "What is kept is kept as long as it is said, and deleted then",
    run: (model) => [...storesOf(model).flatMap((store) => RETENTION[store.program](store)), ...tenantRetention(model)],
};

/** Two durations of one configuration, of which the first has to be the longer. */
interface Order {
    readonly longer: readonly [key: string, fallback: string];
    readonly shorter: readonly [key: string, fallback: string];
    readonly otherwise: string;
    /** Whether both may be equal. */
    readonly orEqual?: boolean;
}

function ordered(store: Store, { longer, shorter, otherwise, orEqual }: Order): Found[] {
    const long = configured(store, ...longer);
    const short = configured(store, ...shorter);
    const [upper, lower] = [hoursOf(long), hoursOf(short)];
    // Zero stands for no limit.
    if (upper === 0 || upper > lower || (orEqual === true && upper === lower)) return [];
    return [
        {
            object: store.object,
            found: `${longer[0]} is ${String(long)}, ${shorter[0]} is ${String(short)}: ${otherwise}`,
            wanted: `${longer[0]} ${orEqual === true ? "at least as long as" : "longer than"} ${shorter[0]}`,
            hint: `${store.program}'s settings of windows, or what stands under ${store.program}.values`,
        },
    ];
}

// Fallbacks: the pinned versions' own defaults, from their configuration references.
const WINDOWS: Readonly<Record<Store["program"], (store: Store) => Found[]>> = {
    cortex: (store) => [
        ...ordered(store, {
            longer: ["querier.query_ingesters_within", "0s"],
            shorter: ["querier.query_store_after", "0s"],
            otherwise: "samples between the two are in no answer",
        }),
        ...ordered(store, {
            longer: ["blocks_storage.tsdb.retention_period", "6h"],
            shorter: ["querier.query_ingesters_within", "0s"],
            otherwise: "ingesters are asked for what they have deleted",
            orEqual: true,
        }),
    ],
    loki: (store) =>
        ordered(store, {
            longer: ["querier.query_ingesters_within", "3h"],
            shorter: ["ingester.max_chunk_age", "2h"],
            otherwise: "lines that only an ingester holds are in no answer",
        }),
    tempo: (store) => [
        ...ordered(store, {
            longer: ["query_frontend.search.query_ingesters_until", "30m"],
            shorter: ["query_frontend.search.query_backend_after", "15m"],
            otherwise: "traces between the two are in no answer",
        }),
        ...ordered(store, {
            longer: ["compactor.compaction.block_retention", "336h"],
            shorter: ["storage.trace.blocklist_poll", "5m"],
            otherwise: "blocks are deleted before anyone has seen them",
        }),
    ],
};

const RETENTION: Readonly<Record<Store["program"], (store: Store) => Found[]>> = {
    cortex: (store) => {
        const kept = configured(store, "limits.compactor_blocks_retention_period", "0s");
        if (hoursOf(kept) === 0) {
            return [unlimited(store, "limits.compactor_blocks_retention_period")];
        }
        return ordered(store, {
            longer: ["limits.compactor_blocks_retention_period", "0s"],
            shorter: ["blocks_storage.tsdb.retention_period", "6h"],
            otherwise: "blocks are deleted from the bucket before ingesters drop theirs",
            orEqual: true,
        });
    },
    loki: (store) => {
        const kept = configured(store, "limits_config.retention_period", "0s");
        const enabled = configured(store, "compactor.retention_enabled", false) === true;
        if (hoursOf(kept) === 0 || !enabled) {
            return [unlimited(store, enabled ? "limits_config.retention_period" : "compactor.retention_enabled")];
        }
        return belowIndexPeriod(store, "limits_config.retention_period", kept, store.object);
    },
    tempo: (store) => {
        const kept = configured(store, "compactor.compaction.block_retention", "336h");
        return hoursOf(kept) === 0 ? [unlimited(store, "compactor.compaction.block_retention")] : [];
    },
};

function unlimited(store: Store, key: string): Found {
    return {
        object: store.object,
        found: `${key} is off: nothing is ever deleted`,
        wanted: "a retention",
        hint: `${store.program}.retention sets it: something under ${store.program}.values changes it`,
    };
}

/** Loki deletes by table of its index, so that nothing shorter than one is kept to. */
function belowIndexPeriod(store: Store, key: string, kept: unknown, object: string): Found[] {
    const periods = records(record(store.config.schema_config).configs).map(({ index }) =>
        hoursOf(record(index).period ?? "24h"),
    );
    const period = Math.max(24, ...periods);
    if (hoursOf(kept) >= period) return [];
    return [
        {
            object,
            found: `${key} is ${String(kept)}, shorter than the index period of ${period}h; Loki's own check lets it pass`,
            wanted: `at least ${period}h`,
            hint: "logs.retention, or the tenant's own",
        },
    ];
}

/** What single tenants are kept for, in Loki's file of their limits. */
function tenantRetention(model: ClusterModel): Found[] {
    const store = storesOf(model).find(({ program }) => program === "loki");
    if (store === undefined) return [];
    return configFiles(model)
        .files.filter(({ program, kind }) => program === "loki" && kind === "runtime")
        .flatMap(({ text, holder }) =>
            Object.entries(record(record(parseGoYaml(text).value).overrides)).flatMap(([tenant, limits]) => {
                const kept = record(limits).retention_period;
                if (kept === undefined) return [];
                return belowIndexPeriod(store, `overrides.${tenant}.retention_period`, kept, nameOf(holder));
            }),
        );
}
