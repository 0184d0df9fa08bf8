import { resolve } from "node:path";
import { renderedWorld } from "../../tools/verify/rendered";
import type { World } from "../../tools/verify/cluster-model";
import { missing } from "./control-plane";

export const ROOT = resolve(__dirname, "../..");

const worlds = new Map<string, Promise<World>>();

/** A stack as it stands in the repository, rendered once for all tests of a run. They read it and change nothing. */
export function rendered(stack: string): Promise<World> {
    const world = worlds.get(stack) ?? renderedWorld({ root: ROOT, stack });
    worlds.set(stack, world);
    return world;
}

/** Skips what needs Helm, charts and further programs, and says so, where one of them is not there. */
export function needsCharts(context: Mocha.Context, programs: readonly string[] = []): void {
    const reasons = missing(["helm", ...programs]).map((program) => `${program} is not on PATH`);
    if ((process.env.CHART_MIRROR ?? "") === "") reasons.push("CHART_MIRROR is not set");
    if (reasons.length === 0) return;
    console.log(`    not run: ${reasons.join(", ")}`);
    context.skip();
}
