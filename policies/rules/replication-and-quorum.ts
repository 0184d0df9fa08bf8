import type { Survives } from "../catalogue/workload";
import { examine, show, type Check, type Finding, type Wrong } from "../finding";
import { at, Unchecked } from "../plain";
import type { Release } from "../release";

const FACTOR = 3;

/** Copies of everything, no more of them than there are servers, and votes that survive a loss. */
export function replicationAndQuorum(release: Release, config: { readonly survives?: Survives }): Finding[] {
    const checks: Record<string, readonly Check[]> = {
        cortex: [
            factor("config.ingester.lifecycler.ring.replication_factor", "ingester.replicas", "cortex", 3),
            factor("config.store_gateway.sharding_ring.replication_factor", "store_gateway.replicas", "cortex", 3),
            is("config.store_gateway.sharding_enabled", true, "each store gateway would read every block", "cortex"),
            is("config.compactor.sharding_enabled", true, "two compactors would merge the same blocks", "cortex"),
            is("config.ruler.enable_sharding", true, "every ruler would evaluate every rule and alert twice", "cortex"),
            (r) =>
                r.get("config.ingester.lifecycler.ring.kvstore.store") === "inmemory"
                    ? wrong(
                          r,
                          "config.ingester.lifecycler.ring.kvstore.store",
                          "memberlist",
                          "each sees itself alone",
                          "cortex",
                      )
                    : [],
        ],
        loki: [factor("loki.commonConfig.replication_factor", "", "loki", 3)],
        "tempo-distributed": [factor("ingester.config.replication_factor", "ingester.replicas", "tempo", 3)],
        minio: [(r) => erasure(r, config.survives ?? "zone")],
        "postgresql.cnpg.io/Cluster": [synchronous],
        "k8s-monitoring": [clustered],
        "kube-prometheus-stack": [sharedGrafana],
    };
    return examine(release, checks[release.chart] ?? []);
}

/** Keys of the settings by the system that has them. */
const KEYS: Readonly<Record<string, string>> = {
    cortex: "metrics",
    loki: "logs",
    tempo: "traces",
    minio: "objectStore",
};

function settingOf(system: string, below: string): string {
    return `observability:${KEYS[system] ?? system}.${below}`;
}

function wrong(release: Release, path: string, wanted: string, why: string, system: string): Wrong[] {
    const setting = settingOf(system, `values.${path}`);
    return [{ path, found: show(release, path, release.get(path)), wanted, why, setting }];
}

function is(path: string, value: unknown, why: string, system: string): Check {
    return (release) => (release.get(path) === value ? [] : wrong(release, path, String(value), why, system));
}

function factor(path: string, replicas: string, system: string, byItself: number): Check {
    return (release) => {
        const servers =
            replicas !== ""
                ? replicas
                : release.get("deploymentMode") === "Monolithic"
                  ? "singleBinary.replicas"
                  : "ingester.replicas";
        const copies = release.get(path) === undefined ? byItself : release.number(path);
        const setting = settingOf(system, "replicationFactor");
        const found = show(release, path, release.get(path));
        if (copies === undefined || copies < FACTOR) {
            return [
                { path, found, wanted: String(FACTOR), why: "one lost pod takes the quorum or the only copy", setting },
            ];
        }
        const count = release.number(servers) ?? 0;
        if (copies <= count) return [];
        return [
            {
                path,
                found,
                wanted: `no more than ${servers} (${count})`,
                why: "no write would find its quorum",
                setting,
            },
        ];
    };
}

/** Parity of the sets that MinIO makes of servers and drives, against the loss of one server or of a third of them. */
function erasure(release: Release, survives: Survives): Wrong[] {
    const servers = release.number("replicas") ?? 0;
    const drives = release.number("drivesPerNode") ?? 1;
    const lost = survives === "zone" ? Math.ceil(servers / 3) : 1;
    if (servers > 1 && serversToLose(servers, drives) >= lost) return [];
    const wanted = `a layout that writes with ${lost} of ${servers} servers gone`;
    const why = "the erasure sets lose their write quorum, and every store stops with them";
    const path = "drivesPerNode";
    return [
        { path, found: show(release, path, drives), wanted, why, setting: "observability:objectStore.drivesPerServer" },
    ];
}

function serversToLose(servers: number, drives: number): number {
    for (let size = 16; size >= 2; size--) {
        const even = servers > size ? servers % size === 0 : size % servers === 0;
        if (!even || (servers * drives) % size !== 0) continue;
        const parity = size >= 8 ? 4 : size >= 6 ? 3 : size >= 4 ? 2 : 1;
        return Math.floor((size === 2 * parity ? parity - 1 : parity) / Math.max(1, size / servers));
    }
    return 0;
}

const synchronous: Check = (release) => {
    const number = Number(
        release.get("spec.postgresql.synchronous.number") ?? release.get("spec.minSyncReplicas") ?? 0,
    );
    const path = "spec.postgresql.synchronous.number";
    if (number >= 1) return [];
    const why = "a failover forgets what was just committed";
    return [
        {
            path,
            found: show(release, path, release.get(path)),
            wanted: "at least 1",
            why,
            setting: "observability:database.instances",
        },
    ];
};

const clustered: Check = (release) => {
    const presets = release.get("collectors.alloy-metrics.presets");
    const on = release.get("collectors.alloy-metrics.alloy.clustering.enabled");
    if (on === true || (Array.isArray(presets) && presets.includes("clustered"))) return [];
    const path = "collectors.alloy-metrics.presets";
    return wrong(
        release,
        path,
        "the preset clustered among them",
        "every collector scrapes every target",
        "k8sMonitoring",
    );
};

const sharedGrafana: Check = (release) => {
    if (release.get("grafana.enabled") === false || (release.number("grafana.replicas") ?? 1) < 2) return [];
    const path = 'grafana."grafana.ini".database.type';
    const type = at(release.values, path);
    if (type === "postgres" || type === "mysql") return [];
    if (typeof type === "string" && type.startsWith("$")) throw new Unchecked(path, "taken from the environment");
    const why = "each Grafana has users, sessions and dashboards of its own";
    return [
        {
            path,
            found: show(release, path, type),
            wanted: "postgres",
            why,
            setting: "observability:database.instances",
        },
    ];
};
