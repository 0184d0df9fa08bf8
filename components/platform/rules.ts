import { hasDatabase } from "../settings/platform";
import { problem, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { hours } from "../settings/units";
import { bucketRequests, bucketSettings } from "./buckets";
import { kindOf, objectStoreKindOf } from "./roles";
import type { Settings } from "./slices";
import { tenantRules } from "./tenant-rules";

/** Rules between systems. */
export function platformWideRules(settings: Settings): SettingsProblem[] {
    return ask(
        () => tenantRules(settings),
        () => sharedBuckets(settings),
        () => copyIntoSource(settings, objectStoreKindOf(settings).endpoint(settings.objectStore)),
        () => servedRules(settings),
        () => historyRules(settings),
        () => placementRules(settings),
    );
}

/** Nodes of a system of which nothing runs in the cluster would be passed over in silence. */
function placementRules(settings: Settings): SettingsProblem[] {
    const { platform } = settings;
    const absent = {
        objectStore: kindOf("objectStore", settings).namespaces.length === 0,
        database: !hasDatabase(platform),
    };
    return (["objectStore", "database"] as const).flatMap((system) => {
        if (!absent[system] || platform.placement[system] === undefined) return [];
        const allowed = "nothing, since nothing of it runs in this cluster";
        return [problem(`placement.${system}`, "nodes of its own", allowed, "remove it")];
    });
}

/** Whether the object store serves what the stores ask of it. */
function servedRules(settings: Settings): SettingsProblem[] {
    const { objectStore, backup } = settings;
    const copied = backup.target !== undefined;
    return objectStoreKindOf(settings).requestRules(objectStore, bucketRequests(settings), copied);
}

/** Prometheus keeps the newest samples, the metrics store the history: it would end before what it continues. */
function historyRules({ kubePrometheusStack, metrics }: Settings): SettingsProblem[] {
    const { retention } = kubePrometheusStack.prometheus;
    if (hours(retention) <= hours(metrics.retention)) return [];
    const allowed = `at most metrics.retention (${metrics.retention}), which is the history`;
    return [problem("kubePrometheusStack.prometheus.retention", retention, allowed, "write 24h, or a longer history")];
}

/** A copy in a bucket that is copied would be copied again, and lock the objects of the store beside it. */
function copyIntoSource(settings: Settings, endpoint: string | undefined): SettingsProblem[] {
    const { target } = settings.backup;
    const buckets = bucketRequests(settings).flatMap((request) => request.buckets);
    if (target === undefined || target.endpoint !== endpoint || !buckets.includes(target.bucket)) return [];
    return [
        problem(
            "backup.target.bucket",
            target.bucket,
            "a bucket that no store keeps its data in, best in another object store",
            "write a bucket of its own",
        ),
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
