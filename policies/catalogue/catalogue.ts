import type { Release } from "../release";
import { OTHERS } from "./others";
import { STORES } from "./stores";
import type { Workload } from "./workload";

/** Every workload that production has a minimum for. */
export const WORKLOADS: readonly Workload[] = [...STORES, ...OTHERS];

/** Those that a release may run, in the mode that it asks for. */
export function workloadsOf(release: Release): readonly Workload[] {
    return WORKLOADS.filter(({ chart }) => chart === release.chart);
}

/** Whether a release's mode has such a workload. */
export function has(release: Release, { onlyIf }: Workload): boolean {
    return onlyIf === undefined || release.get(onlyIf.path) === onlyIf.is;
}

/** Whether a collector runs on each node: as its presets say, else its controller's type. */
export function isPerNode(release: Release, { collector }: Workload): boolean {
    if (collector === undefined) return false;
    const presets = release.get(`${collector}.presets`);
    if (Array.isArray(presets) && presets.some((preset) => preset === "statefulset" || preset === "deployment"))
        return false;
    return (release.get(`${collector}.controller.type`) ?? "daemonset") === "daemonset";
}

/** Replicas that will run: an autoscaler's minimum where one is on. */
export function replicasOf(release: Release, workload: Workload): { path: string; count: number | undefined } {
    const scaler = workload.scalers.find(({ on }) => release.get(on) === true);
    const path = scaler?.least ?? workload.replicas;
    return { path, count: release.number(path) };
}
