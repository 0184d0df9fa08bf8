import type { Survives } from "../catalogue/workload";
import { rulesOf } from "../charts/charts";
import { examine, type Finding } from "../finding";
import type { Release } from "../release";

/** Copies of everything, no more of them than there are servers, and votes that survive a loss. */
export function replicationAndQuorum(release: Release, config: { readonly survives?: Survives }): Finding[] {
    return examine(release, rulesOf(release.chart).replication?.(config.survives ?? "zone") ?? []);
}
