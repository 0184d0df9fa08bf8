import { destinationRules } from "../collectors/k8s-monitoring/destination-settings";
import { SECOND, secondKindOf } from "../metrics/second";
import { problem, type SettingsProblem } from "../settings/problem";
import { ask } from "../settings/readable";
import { hours } from "../settings/units";
import { NAME as SIGNOZ } from "../signoz/names";
import { hasHub } from "../egress-gateway/settings";
import { collecting } from "./collecting";
import { bucketRequests, bucketSettings, keepsObjects } from "./buckets";
import { bucketKindOf, objectStoreKindOf, retentionOf, sends, sendersOf, STORES, type Store } from "./roles";
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
        () => secondRules(settings),
        () => uploadRules(settings),
        () => grafanaRules(settings),
        () => senderRules(settings),
        () => copyRules(settings),
    );
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
            const elsewhere = sends(role, settings) || kind.keptOutside === true;
            return !elsewhere && Object.keys(kind.buckets(settings[role])).length === 0;
        })
        .map((role) => {
            const allowed = "a bucket, with backup.target: buckets are what is copied";
            return problem(
                `${role}.buckets`,
                (settings[role] as { buckets?: unknown }).buckets,
                allowed,
                `write ${role}: { buckets: { backup: <name> } }`,
            );
        });
}

/** Prometheus keeps the newest samples, the metrics store the history: it would end before what it continues. */
function historyRules({ kubePrometheusStack, metrics }: Settings): SettingsProblem[] {
    const { retention } = kubePrometheusStack.prometheus;
    const history = retentionOf(metrics);
    if (history === undefined || hours(retention) <= hours(history)) return [];
    const allowed = `at most metrics.retention (${history}), which is the history`;
    return [problem("kubePrometheusStack.prometheus.retention", retention, allowed, "write 24h, or a longer history")];
}

/** Hours for which Prometheus has to keep a block: it is cut three hours after its first sample, and sent again after an outage. */
const UNTIL_UPLOADED = 6;

/** What Prometheus deletes before a sidecar has it uploaded is nowhere. */
function uploadRules({ metrics, secondMetrics, kubePrometheusStack }: Settings): SettingsProblem[] {
    const { retention } = kubePrometheusStack.prometheus;
    const uploading = [metrics, secondMetrics].some((store) => "ingest" in store && store.ingest === "sidecar");
    if (!uploading || hours(retention) >= UNTIL_UPLOADED) return [];
    const allowed = `at least ${UNTIL_UPLOADED}h with ingest: sidecar: blocks are uploaded hours after their samples`;
    return [problem("kubePrometheusStack.prometheus.retention", retention, allowed, "write 24h")];
}

/** The second store is another beside the first: of one kind the two would be one and the same. */
function secondRules(settings: Settings): SettingsProblem[] {
    const second = secondKindOf(settings);
    if (second === undefined) return [];
    const { metrics, tenants, platform, backup, secondMetrics } = settings;
    const kind = `${SECOND}.kind`;
    if (sends("metrics", settings)) {
        const allowed = "none with metrics.kind: remote: what is sent is kept at the hub";
        return [problem(kind, second.kind, allowed, `remove ${SECOND}`)];
    }
    const problems: SettingsProblem[] = [];
    if (second.kind === metrics.kind) {
        const allowed = `another kind than metrics.kind (${metrics.kind})`;
        problems.push(problem(kind, second.kind, allowed, `write the other store, or remove ${SECOND}`));
    }
    for (const [one, other] of second.tenant.alike?.(platform.tenant, Object.keys(tenants)) ?? []) {
        const allowed = `a name that ${second.kind} tells from ${one}`;
        problems.push(problem(`tenants.${other}`, other, allowed, `write another name, or remove ${SECOND}`));
    }
    if (backup.target !== undefined && Object.keys(second.buckets(secondMetrics)).length === 0) {
        const allowed = "a bucket, with backup.target: buckets are what is copied";
        const fix = `write ${SECOND}: { buckets: { backup: <name> } }`;
        problems.push(problem(`${SECOND}.buckets`, undefined, allowed, fix));
    }
    return problems;
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

/** SigNoz gets its copy by a destination of the collectors, which has a name and queues like those of the user's own. */
function copyRules(settings: Settings): SettingsProblem[] {
    const { platform, signoz, k8sMonitoring } = settings;
    if (!signoz.enabled) return [];
    const volume = platform.survives === "nothing" ? undefined : k8sMonitoring.volumes.queue;
    const path = "k8sMonitoring.destinations";
    const taken = k8sMonitoring.destinations.flatMap(({ name }, index) =>
        name === SIGNOZ
            ? [problem(`${path}[${index}].name`, name, "a name of its own: signoz.enabled makes one", "remove it")]
            : [],
    );
    const { destinations } = collecting(settings);
    return [...taken, ...destinationRules(destinations, { volume, path }).filter((each) => each.path === path)];
}

/** Values of a chart that is not installed would be read by nobody. */
function grafanaRules(settings: Settings): SettingsProblem[] {
    const { grafana } = settings.kubePrometheusStack.values;
    if (settings.grafana.enabled || grafana === undefined) return [];
    const allowed = "nothing with grafana.enabled: false";
    const fix = sendersOf(settings).length > 0 ? "remove it" : "remove it, or write grafana: { enabled: true }";
    return [problem("kubePrometheusStack.values.grafana", grafana, allowed, fix)];
}

/** What is sent needs a hub; nobody here can show or share out what is kept there. */
function senderRules(settings: Settings): SettingsProblem[] {
    const senders = sendersOf(settings);
    const { hub, grafana, tenants, backup } = settings;
    const [sender] = senders;
    if (sender === undefined) return [];
    const problems: SettingsProblem[] = [];
    if (!hasHub(hub)) {
        const allowed = `a hub, with ${sender}.kind: remote`;
        problems.push(problem("hub.stack", "nothing", allowed, "write hub: { stack: ORGANIZATION/PROJECT/STACK }"));
    }
    if (grafana.enabled) {
        const allowed = `false with ${sender}.kind: remote: what is kept at the hub is asked there alone`;
        problems.push(problem("grafana.enabled", true, allowed, "write grafana: { enabled: false }"));
    }
    if (senders.length === Object.keys(STORES).length && Object.keys(tenants).length > 0) {
        const allowed = "nothing where all is sent to a hub, whose tenants they are";
        problems.push(problem("tenants", Object.keys(tenants).join(", "), allowed, "remove it"));
    }
    if (backup.target !== undefined && !keepsObjects(settings)) {
        problems.push(problem("backup.target", "a second S3", "nothing where no role has buckets", "remove it"));
    }
    return problems;
}
