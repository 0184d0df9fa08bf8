import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Finding } from "../../policies/finding";
import { isMap, keysOf, type Values } from "../../policies/plain";
import { releaseOf, type Release, type Shown } from "../../policies/release";
import { durability } from "../../policies/rules/durability";
import { replicaCounts } from "../../policies/rules/replica-counts";
import { replicationAndQuorum } from "../../policies/rules/replication-and-quorum";
import { safety } from "../../policies/rules/safety";
import { secrets } from "../../policies/rules/secrets";
import { spread } from "../../policies/rules/spread";
import { supply } from "../../policies/rules/supply";
import type { Plan } from "../../tools/plan/engine";
import { root } from "../planned";

/** The rules on one release at a time, by their policies' names. */
export const RULES: Readonly<Record<string, (release: Release, config: object) => Finding[]>> = {
    ...{ "replica-counts": replicaCounts, "replication-and-quorum": replicationAndQuorum, spread },
    ...{ durability, secrets, supply, safety },
};

/** Settings of the policies for prod. */
export const CONFIG = JSON.parse(readFileSync(resolve(root, "policies/prod.json"), "utf8")) as Readonly<
    Record<string, object>
>;

/** What a rule says with the settings of prod. */
export function findings(rule: string, release: Release): Finding[] {
    const judge = RULES[rule];
    assert.ok(judge, rule);
    return judge(release, CONFIG[rule] ?? {});
}

/** Planned resources as the engine shows them to policies. */
export function shown(plan: Plan): Shown[] {
    return plan.resources.map(({ type, name, inputs, protect }) => ({ type, name, props: inputs, protect }));
}

export function releases(resources: readonly Shown[]): Release[] {
    return resources.map(releaseOf).filter((release) => release !== undefined);
}

/**
 * The release of a chart with one of its values changed in a copy; undefined takes the value away.
 * @param path of a value; with a leading `^`, of an argument of the Release itself.
 */
export function changed(resources: readonly Shown[], chart: string, path: string, value: unknown): Release {
    const target = structuredClone(resources).find((each) => releaseOf(each)?.chart === chart);
    assert.ok(target, chart);
    const inValues = !path.startsWith("^") && !chart.startsWith("postgresql");
    let map = (inValues ? target.props["values"] : target.props) as Values;
    const keys = keysOf(path.replace("^", ""));
    for (const key of keys.slice(0, -1)) {
        if (!isMap(map[key]) && !Array.isArray(map[key])) map[key] = {};
        map = map[key] as Values;
    }
    const last = keys.at(-1) ?? "";
    assert.notDeepEqual(map[last], value, `${chart} ${path} is so already`);
    if (value === undefined) Reflect.deleteProperty(map, last);
    else map[last] = value;
    const release = releaseOf(target);
    assert.ok(release);
    return release;
}
