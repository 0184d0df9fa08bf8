import type { KeyTable } from "../settings/config-keys";

/** A key of a program's configuration, by dots, and what the pinned version takes where it is not given. */
export type Key<Value = unknown> = readonly [path: string, fallback: Value];

/**
 * What the configuration of a store must agree with, in itself and with what runs: `values` can change every part of it.
 * Keys and fallbacks are those of the pinned version's configuration reference. `npm run verify` holds renderings to it.
 */
export interface Agreements {
    /** As its image, its binary and its metrics are called. */
    readonly program: string;
    /** As people call it. */
    readonly title: string;
    /** The slice of the settings that the program is set by. */
    readonly settings: string;
    /** What its configuration may hold; `npm run config-keys` makes it. */
    readonly keys: KeyTable;
    /** Arguments beside the file's with which the program says what is wrong in its configuration, and ends. */
    readonly validates: readonly string[];
    /** Key that names the file of single tenants' limits. */
    readonly tenantLimits: string;
    /** Whether a section that is there and empty keeps the program from starting. */
    readonly refusesEmptySections?: boolean;
    /** True where requests must say whose they are. */
    readonly tenants: Key<boolean>;
    /** Paths that it answers over HTTP, of those that other programs call. */
    readonly serves: readonly Served[];
    /** What it writes to other stores. */
    readonly remoteWrite?: RemoteWrite;
    readonly ruler?: { readonly alertmanagers: string; readonly discovery: string };
    /** What keeps one replica's samples, of two that send the same. */
    readonly deduplication?: Deduplication;
    /** Port of a member of the ring that is named without one; without it, the port that members bind. */
    readonly bareMembersOn?: number;
    readonly copies: readonly Copies[];
    /** Rings that several processes look into. */
    readonly rings: readonly Ring[];
    /** Parts that do all work twice where there are two of them, and a key is not true. */
    readonly sharded: readonly { readonly target: string; readonly key: string; readonly otherwise: string }[];
    readonly messages: readonly Message[];
    readonly windows: readonly Window[];
    readonly retention: Retention;
    /** What cuts off how far back a query may ask, by its key among a tenant's own limits. */
    readonly reaches: Readonly<Record<string, Reach>>;
}

/** What a program calls another for: Prometheus' remote write or Loki's, OTLP, a query, rules of a ruler, alerts. */
export type Purpose = "push" | "otlp" | "query" | "rules" | "alerts";

export interface Served {
    readonly purpose: Purpose;
    readonly path: string;
    /** Keys whose values stand before the path, one behind the other. */
    readonly below?: readonly Key<string>[];
    /** Whether only the gateway before the store takes it, and asks the store by another path. */
    readonly byGateway?: boolean;
}

export interface RemoteWrite {
    readonly part: string;
    /** Keys of a target, a list of targets or a map of them. */
    readonly targets: readonly string[];
    readonly onlyIf?: string;
    /** Where all of these are true, what is written says the tenant that it is of. */
    readonly tenantIfAll: readonly Key<boolean>[];
}

export interface Deduplication {
    /** Keys that have to be true. */
    readonly switches: readonly string[];
    /** Names of the labels that all replicas have alike, and that each has of its own. */
    readonly clusterLabel: Key<string>;
    readonly replicaLabel: Key<string>;
}

export interface Copies {
    readonly holds: string;
    /** Parts that hold them, by `-target`. */
    readonly targets: readonly string[];
    readonly factor: Key<number>;
    /** Key that the factor is taken from where its own is not given. */
    readonly inherits?: string;
    readonly onlyIf?: string;
}

export interface Ring {
    readonly at: string;
    /** Where it is kept if nothing is said. */
    readonly fallback: "consul" | "memberlist";
    /** Used only where this key is given, and not false. */
    readonly onlyIf?: string;
}

/** Two limits in bytes, of which the first has to be at least the second. */
export interface Message {
    readonly what: string;
    readonly receives: Key<number>;
    readonly sends: Key<number>;
}

/** Two spans of time, of which the first has to be the longer; 0 stands for no limit. */
export interface Window {
    readonly longer: Key<string>;
    readonly shorter: Key<string>;
    readonly otherwise: string;
    /** Whether both may be equal. */
    readonly orEqual?: boolean;
}

/** A limit of a query's length, or of how far back it goes; 0 stands for none. */
export interface Reach {
    readonly all: Key<string>;
    /** Key that is read before `all`, for every tenant without limits of its own. */
    readonly before?: string;
}

export interface Retention {
    readonly kept: Key<string>;
    /** The same among a tenant's own limits. */
    readonly ofTenant: string;
    /** Nothing is deleted unless this is true. */
    readonly onlyIf?: string;
    /** What is deleted at a time: nothing shorter is kept to. */
    readonly period?: { readonly list: string; readonly at: string; readonly fallback: string };
}
