import { WORKLOADS } from "../catalogue.gen";
import type { Release } from "../release";
import type { Workload } from "./workload";

/** Those that a release may run, in the mode that it asks for. */
export function workloadsOf(release: Release): readonly Workload[] {
    return WORKLOADS.filter(({ chart }) => chart === release.chart);
}

/** Whether a release's mode has such a workload. */
export function has(release: Release, { onlyIf }: Workload): boolean {
    return onlyIf === undefined || release.get(onlyIf.path) === onlyIf.is;
}

/** Presets of k8s-monitoring that choose a collector's controller. */
const CONTROLLERS = new Map([
    ...["daemonset", "deployment", "statefulset"].map((kind): [string, string] => [kind, kind]),
    ["singleton", "deployment"],
]);

/** A collector's controller: what is given, else what its presets choose, of which the last holds, else the chart's. */
export function controllerOf(release: Release, collector: string): unknown {
    const path = `${collector}.controller.type`;
    const presets = release.get(`${collector}.presets`);
    const chosen = (Array.isArray(presets) ? presets : []).map((preset) => CONTROLLERS.get(String(preset)));
    return (
        release.given(path) ?? chosen.filter((kind) => kind !== undefined).at(-1) ?? release.get(path) ?? "daemonset"
    );
}

/** Whether a workload is a collector that runs on each node. */
export function isPerNode(release: Release, { collector }: Workload): boolean {
    return collector !== undefined && controllerOf(release, collector) === "daemonset";
}

/** Replicas that will run: an autoscaler's minimum where one is on. */
export function replicasOf(release: Release, workload: Workload): { path: string; count: number | undefined } {
    const scaler = workload.scalers.find(({ on }) => release.get(on) === true);
    const path = scaler?.least ?? workload.replicas;
    return { path, count: release.number(path) };
}
