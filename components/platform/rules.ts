import { problem, type SettingsProblem } from "../settings/problem";
import { bucketRequests, bucketSettings } from "./buckets";
import { objectStoreKindOf } from "./roles";
import type { Settings } from "./slices";
import { tenantRules } from "./tenant-rules";

/** Rules between systems. */
export function platformWideRules(settings: Settings): SettingsProblem[] {
    const { objectStore, backup } = settings;
    return [
        ...tenantRules(settings),
        ...sharedBuckets(settings),
        ...objectStoreKindOf(settings).requestRules(objectStore, bucketRequests(settings), backup.target !== undefined),
    ];
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
