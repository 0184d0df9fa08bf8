import type { Place, Workload } from "../../components/kubernetes/workload";
import { WORKLOADS } from "../../components/platform/workloads";
import { GIB, type Figure } from "../../components/sizing/figure";

/** What production's pods may use without a word in the stack file: only more than this is written down. */
export const GIVEN = { cpu: 1, memory: GIB, limit: 4 * GIB };

/** A figure's workload, as its chart's values describe it. */
export function workloadOf({ workload }: Pick<Figure, "workload">): Workload & { readonly place: Place } {
    const found = WORKLOADS.find(({ key }) => key === workload);
    if (found?.place === undefined) throw new Error(`${workload} is no workload of a chart.`);
    return { ...found, place: found.place };
}

/** Where the user's own values have its resources. */
export function resourcesOf(figure: Pick<Figure, "workload">): string {
    const { values = "", place } = workloadOf(figure);
    return `${values}.${place.resources}`;
}
