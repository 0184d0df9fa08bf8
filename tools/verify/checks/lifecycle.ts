import { at, record, records, strings } from "../../records";
import type { Check } from "../check";
import type { Found } from "../finding";
import { runsOn, type Pods } from "../pods";
import { nameOf, type ClusterModel } from "../cluster-model";
import { containersOf, replicasOf, workloadOf } from "../workloads";

/** Starts, stops and replaces pods. */
export const lifecycle: Check = {
    name: "lifecycle",
    promise:
        "An update replaces pods one after another, each is asked whether it is ready, and has time to stop; none is restarted because others are away",
    run: (model) => {
        const hosts = hostsAskedFor(model);
        return model.pods
            .filter(runsOn)
            .flatMap((pods) => [
                ...updates(model, pods, hosts),
                ...readiness(pods),
                ...restarts(pods),
                ...shutdown(pods),
            ]);
    },
};

/** Hosts that the stack asks for anyway: as many as pods alike that may share none. */
function hostsAskedFor(model: ClusterModel): number {
    return Math.max(1, ...model.pods.filter(keepsHosts).map((pods) => replicasOf(model, pods) ?? 1));
}

function keepsHosts({ spec }: Pods): boolean {
    const terms = at(spec, "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution");
    return records(terms).some(({ topologyKey }) => topologyKey === "kubernetes.io/hostname");
}

function updates(model: ClusterModel, pods: Pods, hosts: number): Found[] {
    const count = replicasOf(model, pods) ?? 1;
    const object = nameOf(pods.owner);
    const { type, rollingUpdate } = pods.strategy;
    if (count > 1 && (type === "Recreate" || type === "OnDelete")) {
        const found = `${pods.name}: update strategy ${type}`;
        const why = type === "Recreate" ? "all pods go at once" : "new pods wait until somebody deletes the old";
        return [{ object, found, wanted: `RollingUpdate, since otherwise ${why}`, hint: "remove the strategy's type" }];
    }
    if (pods.kind !== "Deployment" || type === "Recreate" || !keepsHosts(pods)) return [];
    const { maxSurge, maxUnavailable } = record(rollingUpdate);
    // Defaults of 25%: the surge is rounded up, what may be away rounded down.
    const away = whole(maxUnavailable ?? "25%", count, Math.floor);
    const surge = whole(maxSurge ?? "25%", count, Math.ceil);
    if (away > 0 || count + surge <= hosts) return [];
    const found = `${pods.name}: an update starts a pod more than its ${count} on a host of its own, and stops none before`;
    const hint = "write rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }";
    return [{ object, found, wanted: `an update that ${hosts} hosts are enough for`, hint }];
}

function whole(value: unknown, count: number, round: (share: number) => number): number {
    const percent = typeof value === "string" ? /^(\d+)%$/.exec(value)?.[1] : undefined;
    return percent === undefined ? Number(value) : round((Number(percent) * count) / 100);
}

function readiness(pods: Pods): Found[] {
    const main = containersOf(pods).filter(({ init }) => !init);
    if (main.some(({ container }) => container.readinessProbe !== undefined)) return [];
    return [
        {
            object: nameOf(pods.owner),
            found: `${pods.name}: no container has a readiness probe`,
            wanted: "one, since otherwise requests and updates do not wait for it",
            hint: "set the chart's readinessProbe",
        },
    ];
}

/** Whose `/readyz` says nothing of others. */
const OWN_READINESS = new Set(["cnpg-system/Deployment/cnpg-cloudnative-pg"]);

/**
 * Stores answer `/ready` with 503 while a ring's member, a querier or the cluster's DNS is away: a kubelet that restarts
 * them for that only adds to the outage.
 */
function restarts(pods: Pods): Found[] {
    const object = nameOf(pods.owner);
    if (OWN_READINESS.has(object)) return [];
    return containersOf(pods).flatMap(({ container }) =>
        ["livenessProbe", "startupProbe"]
            .map((probe) => ({ probe, path: at(container, `${probe}.httpGet.path`) }))
            .filter(({ path }) => typeof path === "string" && /\/-?\/?ready/.test(path))
            .map(({ probe, path }) => ({
                object,
                found: `${pods.name}: its ${probe} asks ${String(path)}`,
                wanted: "a path that fails only when the process itself is stuck",
                hint: `set the chart's ${probe} to such a path, and leave ${String(path)} to the readiness probe`,
            })),
    );
}

/** Seconds that Kubernetes gives where nothing is said. */
const DEFAULT_GRACE = 30;

function shutdown(pods: Pods): Found[] {
    const { terminationGracePeriodSeconds: given } = pods.spec;
    const grace = typeof given === "number" ? given : DEFAULT_GRACE;
    const sleeps = Math.max(0, ...containersOf(pods).map(({ container }) => preStopSleep(container)));
    const least = Math.max(workloadOf(pods)?.grace ?? 0, sleeps === 0 ? 0 : sleeps + 1);
    if (grace >= least) return [];
    const why = sleeps >= grace ? `it sleeps ${sleeps} s before it is told to stop` : "it writes out what memory holds";
    return [
        {
            object: nameOf(pods.owner),
            found: `${pods.name}: killed after ${grace} s`,
            wanted: `terminationGracePeriodSeconds of at least ${least}, since ${why}`,
            hint: "raise the chart's terminationGracePeriodSeconds",
        },
    ];
}

/** Seconds that a hook waits before a container is told to stop. */
function preStopSleep(container: Record<string, unknown>): number {
    const seconds = at(container, "lifecycle.preStop.sleep.seconds");
    if (typeof seconds === "number") return seconds;
    const command = strings(at(container, "lifecycle.preStop.exec.command")).join(" ");
    return Number(/\bsleep\s+(\d+)/.exec(command)?.[1] ?? 0);
}
