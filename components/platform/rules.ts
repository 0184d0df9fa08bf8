import { problem, type SettingsProblem } from "../settings/problem";
import { bucketRequests, bucketSettings } from "./buckets";
import type { Settings } from "./settings";
import { tenantRules } from "./tenants";

/** Rules between systems. */
export function platformWideRules(settings: Settings): SettingsProblem[] {
    return [...tenantRules(settings), ...sharedBuckets(settings), ...keyPairRules(settings)];
}

/** Buckets that two systems would write to: each takes what it does not know for its own, and deletes it. */
function sharedBuckets(settings: Settings): SettingsProblem[] {
    const owners = new Map<string, string>();
    return Object.values(bucketSettings(settings))
        .flatMap((buckets) => Object.entries(buckets))
        .flatMap(([path, bucket]) => {
            const owner = owners.get(bucket);
            owners.set(bucket, path);
            if (owner === undefined) return [];
            return [problem(path, bucket, `a bucket that ${owner} does not use`, "write a name of its own")];
        });
}

/** An outside object store makes no users: each store's key pair is the user's to give. */
function keyPairRules(settings: Settings): SettingsProblem[] {
    const { objectStore, backup } = settings;
    if (objectStore.kind !== "s3") return [];
    const { credentials, readOnlyCredentials } = objectStore;
    const copied = backup.target !== undefined;
    return bucketRequests(settings).flatMap(({ store, buckets }) => [
        ...missing(
            credentials[store],
            `objectStore.credentials.${store}`,
            `a key pair for ${buckets.join(" and ")}, which ${store} keeps its data in`,
        ),
        ...(copied || readOnlyCredentials !== undefined
            ? missing(
                  readOnlyCredentials?.[store],
                  `objectStore.readOnlyCredentials.${store}`,
                  `a key pair that only lists and reads ${buckets.join(" and ")}: a copy must be unable to harm what it copies`,
              )
            : []),
    ]);
}

function missing(pair: object | undefined, path: string, allowed: string): SettingsProblem[] {
    if (pair !== undefined) return [];
    return [problem(path, "nothing", allowed, `set ${path}.accessKeyId and .secretAccessKey`)];
}
