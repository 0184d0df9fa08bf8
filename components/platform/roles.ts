import { databaseKinds } from "../database/settings";
import { errorsKinds } from "../errors/settings";
import { COLLECTORS, MONITORING } from "../kubernetes/namespaces";
import { logsKinds } from "../logs/settings";
import { secondKindOf } from "../metrics/second";
import { metricsKinds } from "../metrics/settings";
import { objectStoreKinds } from "../object-store/settings";
import { chosenKind, type BucketKind, type ObjectStoreKind, type RoleKind, type StoreKind } from "../settings/slice";
import { tracesKinds } from "../traces/settings";

/** The roles that tenants send to, with their kinds. */
export const STORES = { metrics: metricsKinds, logs: logsKinds, traces: tracesKinds } as const;
/** The roles whose systems may have buckets. */
export const BUCKET_OWNERS = { ...STORES, database: databaseKinds, errors: errorsKinds } as const;
/** Every role with its kinds; the first is what stands in it where none is written. */
export const ROLES = {
    objectStore: objectStoreKinds,
    database: databaseKinds,
    ...STORES,
    errors: errorsKinds,
} as const;

export type Store = keyof typeof STORES;
export type BucketOwner = keyof typeof BUCKET_OWNERS;
export type Role = keyof typeof ROLES;

/** Settings, as far as they say which kind stands in a role; also before anything was looked at. */
type Chosen<R extends Role> = Readonly<Partial<Record<R, unknown>>>;

/** The kinds of all roles. */
export const everyKind: readonly RoleKind[] = Object.values(ROLES).flatMap((kinds): readonly RoleKind[] => kinds);

/** The kinds of the roles that tenants send to. */
export const everyStore: readonly StoreKind[] = Object.values(STORES).flatMap((kinds): readonly StoreKind[] => kinds);

function kindName(of: unknown): unknown {
    return typeof of === "object" && of !== null && "kind" in of ? of.kind : undefined;
}

/** The kind that stands in a role. */
export function kindOf(role: Role, settings: Chosen<Role>): RoleKind {
    return chosenKind<RoleKind>(ROLES[role], kindName(settings[role]));
}

/** The store that stands in a role which tenants send to. */
export function storeKindOf(role: Store, settings: Chosen<Store>): StoreKind {
    return chosenKind<StoreKind>(STORES[role], kindName(settings[role]));
}

/** The system that stands in a role which may have buckets. */
export function bucketKindOf(role: BucketOwner, settings: Chosen<BucketOwner>): BucketKind {
    return chosenKind<BucketKind>(BUCKET_OWNERS[role], kindName(settings[role]));
}

/** Whether a role keeps nothing in this cluster, and hands on what it takes. */
export function sends(role: Store, settings: Chosen<Store>): boolean {
    return storeKindOf(role, settings).sends === true;
}

/** The roles that send to the hub. */
export function sendersOf(settings: Chosen<Store>): Store[] {
    return (Object.keys(STORES) as Store[]).filter((role) => sends(role, settings));
}

/** How long a store keeps what it takes; undefined of one that keeps nothing. */
export function retentionOf(store: object): string | undefined {
    return "retention" in store ? String(store.retention) : undefined;
}

/** The object store. */
export function objectStoreKindOf(settings: Chosen<"objectStore">): ObjectStoreKind {
    return chosenKind<ObjectStoreKind>(ROLES.objectStore, kindName(settings.objectStore));
}

/** Settings, as far as they say whether a second metrics store stands beside the first. */
interface Second {
    readonly secondMetrics?: unknown;
}

/** Namespaces of the systems that stand in the roles, whether or not the stack has use for them. */
export function roleNamespaces(settings: Chosen<Role> & Second): string[] {
    return [
        ...(Object.keys(ROLES) as Role[]).flatMap((role) => kindOf(role, settings).namespaces),
        ...(secondKindOf(settings)?.namespaces ?? []),
    ];
}

/** Namespaces of the pods that open a role's buckets. */
export function bucketNamespaces(
    role: BucketOwner,
    settings: Readonly<Record<BucketOwner, object>> & Second,
): string[] {
    const of = (kind: BucketKind, own: unknown) => [
        ...kind.namespaces.slice(0, 1),
        ...(kind.opensFrom?.(own as Parameters<NonNullable<BucketKind["opensFrom"]>>[0]) ?? []),
    ];
    const second = role === "metrics" ? secondKindOf(settings) : undefined;
    return [
        ...of(bucketKindOf(role, settings), settings[role]),
        ...(second === undefined ? [] : of(second, settings.secondMetrics)),
    ];
}

/** Namespaces whose pods Prometheus scrapes by the platform's own monitors, sorted. */
export function ownNamespaces(settings: Chosen<Role>): string[] {
    return [...roleNamespaces(settings), MONITORING, COLLECTORS].sort();
}

/** The role of each system that may stand in one, by the system's name; what stands for nothing is no system. */
export function roleOfKind(): Record<string, string> {
    const pairs = Object.entries(ROLES).flatMap(([role, kinds]) => kinds.map(({ kind }) => [kind, role] as const));
    return Object.fromEntries(pairs.filter(([kind]) => kind !== "none"));
}
