import { hasDatabase } from "../settings/platform";
import { problem, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { PLACED, type Placed } from "../settings/scheduling";
import { hours } from "../settings/units";
import { bucketRequests, bucketSettings } from "./buckets";
import { bucketKindOf, kindOf, objectStoreKindOf, STORES, type Store } from "./roles";
import type { Settings } from "./slices";
import { tenantRules } from "./tenant-rules";

/** Rules between systems. */
export function platformWideRules(settings: Settings): SettingsProblem[] {
    return ask(
        () => tenantRules(settings),
        () => sharedBuckets(settings),
        () => copyIntoSource(settings, objectStoreKindOf(settings).endpoint(settings.objectStore)),
        () => copiedRules(settings),
        () => servedRules(settings),
        () => accountRules(settings),
        () => historyRules(settings),
        () => placementRules(settings),
    );
}

/** Nodes of a system of which nothing runs in the cluster would be passed over in silence. */
function placementRules(settings: Settings): SettingsProblem[] {
    const { platform, blackboxExporter, ingestGateway, pushgateway, backup } = settings;
    const absent: Partial<Record<Placed, () => boolean>> = {
        objectStore: () => kindOf("objectStore", settings).namespaces.length === 0,
        database: () => !hasDatabase(platform),
        blackboxExporter: () => !blackboxExporter.enabled,
        ingestGateway: () => !ingestGateway.enabled,
        pushgateway: () => !pushgateway.enabled,
        backup: () => backup.target === undefined,
    };
    return PLACED.flatMap((system) => {
        if (platform.placement[system] === undefined || absent[system]?.() !== true) return [];
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

/** A store that knows nothing but keys cannot open its buckets where there are none. */
function accountRules(settings: Settings): SettingsProblem[] {
    const objectStore = objectStoreKindOf(settings);
    return (Object.keys(STORES) as Store[]).flatMap((role) => {
        const kind = bucketKindOf(role, settings);
        if (kind.byKeysAlone !== true || objectStore.accountOf(settings.objectStore, role) === undefined) return [];
        return Object.entries(kind.buckets(settings[role])).map(([key, bucket]) => {
            const allowed = `nothing with objectStore.identity: ${kind.kind} opens buckets by a key pair alone`;
            return problem(`${role}.${key}`, bucket, allowed, "give objectStore.credentials in place of identity");
        });
    });
}

/** A copy is made of buckets: what has none would be missing on the day. */
function copiedRules(settings: Settings): SettingsProblem[] {
    if (settings.backup.target === undefined) return [];
    return (Object.keys(STORES) as Store[])
        .filter((role) => {
            const kind = bucketKindOf(role, settings);
            return kind.keptOutside !== true && Object.keys(kind.buckets(settings[role])).length === 0;
        })
        .map((role) => {
            const allowed = "a bucket, with backup.target: buckets are what is copied";
            return problem(`${role}.buckets`, "nothing", allowed, `write ${role}: { buckets: { backup: <name> } }`);
        });
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
