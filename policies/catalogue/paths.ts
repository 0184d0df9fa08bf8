import { WORKLOADS } from "../catalogue.gen";
import { CHART_RULES, rulesOf } from "../charts/charts";
import type { Workload } from "./workload";

/** Paths at which placement stands: of their defaults only the kind of rule is kept. */
export function placementPaths(chart: string): ReadonlySet<string> {
    return new Set(
        of(chart).flatMap(({ affinity, spread }) => [affinity, spread].filter((path) => path !== undefined)),
    );
}

/** Every path at which a rule may need a chart's default. */
export function readPaths(chart: string): readonly string[] {
    return [...new Set([...of(chart).flatMap(pathsOf), ...(rulesOf(chart).reads ?? [])])].sort();
}

export const READ_CHARTS: readonly string[] = [
    ...new Set([
        ...WORKLOADS.map(({ chart }) => chart),
        ...Object.entries(CHART_RULES).flatMap(([chart, { reads }]) => (reads ? [chart] : [])),
    ]),
];

function of(chart: string): readonly Workload[] {
    return WORKLOADS.filter((workload) => workload.chart === chart);
}

function pathsOf(w: Workload): string[] {
    const budget = w.budget && [w.budget.at, w.budget.beside, w.budget.switch && `${w.budget.at}.${w.budget.switch}`];
    return [
        w.replicas,
        ...w.needs,
        ...w.scalers.flatMap(({ on, least }) => [on, least]),
        ...[w.onlyIf?.path, w.affinity, w.apart?.path, w.apart?.topology, w.spread, w.strategy, w.resources],
        ...(budget ?? []),
    ].filter((path) => path !== undefined);
}
