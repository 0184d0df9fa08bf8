import type { Survives } from "../kubernetes/placement";
import type { Counted, Workload } from "../kubernetes/workload";
import { problem, type SettingsProblem } from "./problem";
import { ask } from "./readable";
import { MOST_REPLICAS } from "./types";

type Counts<K extends string> = Readonly<Record<K, number>>;

/** Fewest replicas of a workload; one where it has no minimum, or nothing is survived. */
export function leastOf({ least }: Workload, survives: Survives): number {
    return survives === "nothing" ? 1 : (least?.[survives] ?? 1);
}

/** Fewest replicas of each workload, to begin with. */
export function fewest<K extends string>(
    workloads: Readonly<Record<K, Workload>>,
    survives: Survives,
): Record<K, number> {
    const counts = (Object.entries(workloads) as [K, Workload][]).map(([name, each]) => [
        name,
        leastOf(each, survives),
    ]);
    return Object.fromEntries(counts) as Record<K, number>;
}

/** Numbers that are below what production needs, or not of its kind. */
export function replicaRules<K extends string>(
    workloads: Readonly<Record<NoInfer<K>, Counted>>,
    given: Counts<K>,
    survives: Survives,
): SettingsProblem[] {
    return eachCount(given, (name, count) => {
        const workload = workloads[name];
        const { only, why } = workload;
        const least = leastOf(workload, survives);
        const asked = only?.in.includes(survives) === true ? only : undefined;
        const right = (n: number) => n >= least && asked?.holds(n) !== false;
        if (right(count)) return [];
        const enough = count >= least && asked !== undefined;
        const allowed = enough ? asked.words : `at least ${least}`;
        return [refused(workload, count, `${allowed} with survives: ${survives}: ${enough ? asked.why : why}`, right)];
    });
}

/** Numbers above one where nothing is survived and more than one do harm, or nothing. */
export function loneRules<K extends string>(
    workloads: Readonly<Record<NoInfer<K>, Counted>>,
    given: Counts<K>,
    why: string,
): SettingsProblem[] {
    const right = (n: number) => n === 1;
    const allowed = `1 with survives: nothing: ${why}`;
    return eachCount(given, (name, count) => (right(count) ? [] : [refused(workloads[name], count, allowed, right)]));
}

/** A number that is wrong by itself keeps no other from being looked at. */
function eachCount<K extends string>(
    given: Counts<K>,
    rule: (name: K, count: number) => SettingsProblem[],
): SettingsProblem[] {
    return ask(...(Object.keys(given) as K[]).map((name) => () => rule(name, given[name])));
}

/** The problem, and the nearest number above or else below that is right, as the stack file has it. */
function refused({ setting }: Counted, count: number, allowed: string, right: (n: number) => boolean): SettingsProblem {
    const above = Array.from({ length: MOST_REPLICAS - count + 1 }, (_, i) => count + i);
    const below = Array.from({ length: count }, (_, i) => count - i);
    const nearest = [...above, ...below].find(right) ?? count;
    return problem(setting, count, allowed, asYaml(setting.split("."), nearest));
}

function asYaml(keys: readonly string[], value: number): string {
    const [first = "", ...rest] = keys;
    return `${first}: ${rest.length === 0 ? value : `{ ${asYaml(rest, value)} }`}`;
}
