import { WORKLOADS } from "../catalogue.gen";
import { has, isPerNode, replicasOf, workloadsOf } from "../catalogue/catalogue";
import type { Survives, Workload } from "../catalogue/workload";
import { rulesOf } from "../charts/charts";
import { examine, show, type Check, type Finding } from "../finding";
import { Unchecked } from "../plain";
import type { Release } from "../release";

export interface ReplicaCountsConfig {
    readonly survives?: Survives;
    /** Workloads that the stack's own settings switch off. */
    readonly absent?: readonly string[];
    readonly minimums?: Readonly<Record<string, number>>;
}

/** Fewest replicas of a workload: as tuned, else the production minimum. */
export function leastOf(workload: Workload, { survives = "zone", minimums = {} }: ReplicaCountsConfig): number {
    return minimums[workload.key] ?? workload.least[survives];
}

export const MINIMUM_KEYS: readonly string[] = WORKLOADS.map(({ key }) => key);

/** Every workload of every release has its minimum, and really runs. */
export function replicaCounts(release: Release, config: ReplicaCountsConfig): Finding[] {
    const { mode } = rulesOf(release.chart);
    const { absent = [] } = config;
    const workloads = workloadsOf(release).filter(
        (workload) => leastOf(workload, config) > 0 && !absent.includes(workload.key),
    );
    return examine(release, [
        ...(mode === undefined ? [] : [mode]),
        ...workloads.map((workload) => counted(workload, leastOf(workload, config))),
    ]);
}

function counted(workload: Workload, least: number): Check {
    return (release) => {
        if (!has(release, workload)) return [];
        if (workload.collector !== undefined && release.given(workload.collector) === undefined) {
            throw new Unchecked(workload.collector, "no collector has this name, so who does its work is not known");
        }
        if (isPerNode(release, workload)) return [];
        const { why, setting } = workload;
        for (const path of workload.needs) {
            const value = release.get(path);
            if (value !== true) return [{ path, found: show(release, path, value), wanted: "true", why, setting }];
        }
        const { path, count } = replicasOf(release, workload);
        const found = show(release, path, release.get(path));
        const overruled = path !== workload.replicas && typeof release.given(workload.replicas) === "number";
        return [
            ...(overruled
                ? [
                      {
                          path: workload.replicas,
                          found: show(release, workload.replicas, release.get(workload.replicas)),
                          wanted: "null, since an autoscaler is on",
                          why: "two counts are given and every deployment undoes what the autoscaler did",
                          setting,
                      },
                  ]
                : []),
            ...(count === undefined || count < least
                ? [
                      {
                          path,
                          found,
                          wanted: `${workload.exactly === true ? "exactly" : "at least"} ${least}`,
                          why,
                          setting,
                      },
                  ]
                : []),
            ...(workload.exactly === true && count !== undefined && count > least
                ? [{ path, found, wanted: `exactly ${least}`, why, setting }]
                : []),
        ];
    };
}
