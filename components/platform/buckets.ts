import type { BucketRequest } from "../contracts/object-store";
import { SECOND, secondKindOf } from "../metrics/second";
import { hasDatabase } from "../settings/platform";
import { BUCKET_OWNERS, bucketKindOf, type BucketOwner } from "./roles";
import type { Settings } from "./slices";

/** The buckets of each role by the path of their setting. */
export function bucketSettings(settings: Settings): Readonly<Record<BucketOwner, Readonly<Record<string, string>>>> {
    const of = (role: BucketOwner) => {
        if (role === "database" && !keepsDatabase(settings) && !keepsErrors(settings)) return {};
        const own = below(role, bucketKindOf(role, settings).buckets(settings[role]));
        return role === "metrics" ? { ...own, ...ofSecond(settings) } : own;
    };
    return Object.fromEntries(OWNERS.map((role) => [role, of(role)])) as ReturnType<typeof bucketSettings>;
}

function below(key: string, buckets: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(buckets).map(([path, bucket]) => [`${key}.${path}`, bucket]));
}

/** Those of the second metrics store: one user opens both stores', so that neither has to get new keys when they change places. */
function ofSecond(settings: Settings): Record<string, string> {
    return below(SECOND, secondKindOf(settings)?.buckets(settings.secondMetrics) ?? {});
}

const OWNERS = Object.keys(BUCKET_OWNERS) as BucketOwner[];

/** Whether there is a database: nothing but Grafana needs one. */
export function keepsDatabase({ platform, grafana }: Pick<Settings, "platform" | "grafana">): boolean {
    return grafana.enabled && hasDatabase(platform);
}

/** Whether errors are kept in a database of this stack. */
export function keepsErrors(settings: Pick<Settings, "errors">): boolean {
    return bucketKindOf("errors", settings).wantsDatabase === true;
}

/** Whether there is an object store: a stack that sends all that it takes, and archives nothing, needs none. */
export function keepsObjects(settings: Settings): boolean {
    return bucketRequests(settings).length > 0;
}

/** What each role that has buckets asks of the object store. */
export function bucketRequests(settings: Settings): BucketRequest[] {
    const buckets = bucketSettings(settings);
    return OWNERS.map((store) => ({ store, buckets: Object.values(buckets[store]) })).filter(
        (request) => request.buckets.length > 0,
    );
}
