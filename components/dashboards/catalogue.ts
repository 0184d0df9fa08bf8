import type { System } from "../contracts/system";
import { alerts } from "./alerts";
import { buildDashboard } from "./build";
import { capacity } from "./capacity";
import { dataPath } from "./data-path";
import type { Dashboard } from "./spec";
import { startHere } from "./start-here";

/** The dashboards of a stack, the first page first: those that cross systems, then each system's own. */
function catalogue(systems: readonly System[]): Dashboard[] {
    return [
        startHere(systems),
        dataPath(systems),
        alerts(systems),
        capacity(),
        ...systems.flatMap(({ dashboard }) => dashboard ?? []),
    ];
}

/** As Grafana reads them. */
export function builtDashboards(systems: readonly System[]) {
    const store = systems.find(({ role }) => role === "metrics");
    if (store === undefined) throw new Error("No metrics store is among the systems: dashboards have nothing to ask.");
    const lines = systems.find((system) => system.lines !== undefined)?.lines;
    if (lines === undefined) throw new Error("No log store is among the systems: links to lines have nowhere to lead.");
    return catalogue(systems).map((dashboard) => ({
        uid: dashboard.uid,
        json: buildDashboard(dashboard, { metricsStore: store.title, lines }),
    }));
}
