import { has, isPerNode, replicasOf, workloadsOf } from "../catalogue/catalogue";
import type { Survives, Workload } from "../catalogue/workload";
import { examine, show, type Check, type Finding, type Wrong } from "../finding";
import { constraints, hostAntiAffinity, isHard, structured, zoneSpread } from "../placement";
import { isMap } from "../plain";
import type { Release } from "../release";

/** Pods of a workload do not share what may be lost, and a drain can proceed, one pod at a time. */
export function spread(release: Release, config: { readonly survives?: Survives }): Finding[] {
    const zones = (config.survives ?? "zone") === "zone";
    return examine(release, [
        ...workloadsOf(release).flatMap((workload) =>
            [hosts(workload), ...(zones ? [zone(workload)] : []), budget(workload), updates(workload)].map(
                (check): Check =>
                    (r) =>
                        several(r, workload) ? check(r) : [],
            ),
        ),
        singleWriter,
    ]);
}

function several(release: Release, workload: Workload): boolean {
    if (workload.exactly === true || !has(release, workload) || isPerNode(release, workload)) return false;
    return (replicasOf(release, workload).count ?? 0) > 1;
}

function placement(release: Release, { affinity, spread: at }: Workload): [unknown, unknown] {
    const read = (path: string | undefined) => (path === undefined ? undefined : structured(release.get(path), path));
    return [read(affinity), read(at)];
}

type Texts = [path: string, found: string, wanted: string, why: string];

/** What is wrong, and where this project's own values of the chart are set. */
function wrong({ values }: Pick<Workload, "values">, ...[path, found, wanted, why]: Texts): Wrong[] {
    return [{ path, found, wanted, why, setting: values === undefined ? `its ${path}` : `${values}.${path}` }];
}

function hosts(workload: Workload): Check {
    return (release) => {
        const { apart } = workload;
        const topology = apart?.topology === undefined ? undefined : release.get(apart.topology);
        const byOperator =
            apart !== undefined &&
            release.get(apart.path) === apart.is &&
            (topology === undefined || topology === "" || topology === "kubernetes.io/hostname");
        if (byOperator || hostAntiAffinity(...placement(release, workload))) return [];
        const path = apart?.path ?? workload.affinity ?? "";
        const wanted = "required anti-affinity over kubernetes.io/hostname";
        return wrong(workload, path, "no such rule", wanted, `two pods of ${workload.key} may go with one node`);
    };
}

function zone(workload: Workload): Check {
    return (release) => {
        const [affinity, topology] = placement(release, workload);
        const path = workload.spread ?? "";
        const apart = zoneSpread(affinity, topology);
        if (workload.quorum && apart !== "required") {
            const why = `a zone may take most of ${workload.key} with it`;
            return wrong(workload, path, `zones apart: ${apart}`, "a zone constraint with DoNotSchedule", why);
        }
        if (apart === "not at all") {
            const why = `all pods of ${workload.key} may stand in one zone`;
            return wrong(workload, path, "zones apart: not at all", "a constraint over zones", why);
        }
        const taints = constraints(topology).find(
            (each) =>
                isHard(each) && String(each["topologyKey"]).endsWith("/zone") && each["nodeTaintsPolicy"] !== "Honor",
        );
        if (taints === undefined) return [];
        const why = "a zone whose nodes are all tainted counts as empty, and pods wait for it forever";
        return wrong(workload, path, "nodeTaintsPolicy not Honor", "nodeTaintsPolicy: Honor", why);
    };
}

function budget(workload: Workload): Check {
    return (release) => {
        if (release.chart === "postgresql.cnpg.io/Cluster") {
            const found = release.get("spec.enablePDB");
            const why = "a drain may take the primary and its standby together";
            return found === false ? wrong(workload, "spec.enablePDB", "false", "true", why) : [];
        }
        if (workload.budget === undefined) return [];
        const { at, switch: key, beside } = workload.budget;
        const given = release.get(at);
        const why = `a drain of two nodes may take ${workload.key} down`;
        if (!isMap(given)) return wrong(workload, at, show(release, at, given), "a budget", why);
        if (key !== undefined && release.get(`${at}.${key}`) !== true) {
            return wrong(
                workload,
                `${at}.${key}`,
                show(release, `${at}.${key}`, release.get(`${at}.${key}`)),
                "true",
                why,
            );
        }
        const count = replicasOf(release, workload).count ?? 0;
        const allowed = allowedBy(given, beside === undefined ? undefined : release.get(beside), count);
        const computed = workload.key === "tempo.ingester" && allowed === undefined;
        if (computed || (allowed !== undefined && allowed >= 1 && (allowed === 1 || !workload.quorum))) return [];
        const found = allowed === undefined ? "a budget without limits" : `${allowed} of ${count} pods may be evicted`;
        const reason = allowed !== undefined && allowed < 1 ? "no node with such a pod can be drained" : why;
        return wrong(workload, at, found, workload.quorum ? "1 pod at a time" : "at least 1 pod at a time", reason);
    };
}

/** Pods that a budget lets go at a time; undefined where it gives no limit. */
function allowedBy(given: Record<string, unknown>, beside: unknown, replicas: number): number | undefined {
    const unavailable = pods(given["maxUnavailable"], replicas);
    const available = pods(given["minAvailable"], replicas);
    // Kubernetes takes one of both: of two a 0 is how charts say that there is none.
    if (available !== undefined && (available > 0 || unavailable === undefined))
        return Math.max(0, replicas - available);
    return unavailable ?? pods(beside, replicas);
}

function pods(value: unknown, replicas: number): number | undefined {
    if (typeof value === "number") return value;
    if (typeof value !== "string" || !/^\d+%?$/.test(value)) return undefined;
    return value.endsWith("%") ? Math.ceil((Number(value.slice(0, -1)) * replicas) / 100) : Number(value);
}

function updates(workload: Workload): Check {
    return (release) => {
        const path = workload.strategy;
        if (path === undefined) return [];
        const value = release.get(path);
        const type = isMap(value) ? value["type"] : value;
        if (type !== "Recreate") return [];
        return wrong(
            workload,
            path,
            "Recreate",
            "RollingUpdate",
            `each update takes all of ${workload.key} away at once`,
        );
    };
}

/** A volume that one node may mount, under pods that have to stand on several. */
const singleWriter: Check = (release) => {
    const grafana = workloadsOf(release).find(({ replicas }) => replicas === "grafana.replicas");
    if (grafana === undefined || (release.number(grafana.replicas) ?? 1) < 2) return [];
    const path = "grafana.persistence.enabled";
    if (release.get(path) !== true || release.get("grafana.persistence.type") === "statefulset") return [];
    return wrong(grafana, path, "true", "false", "the second Grafana never gets the volume that the first one holds");
};
