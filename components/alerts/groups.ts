import type { System } from "../contracts/system";
import { objectStoreRules } from "./object-store";
import { GROUPS, type RuleGroup } from "./rule";
import { volumeRules } from "./volumes";

/** Every alert of the platform on metrics: those that cross systems, then each system's own. */
export function alertGroups(systems: readonly System[]): RuleGroup[] {
    const crossing: System["alerts"] = { "object-store": objectStoreRules(systems), volumes: volumeRules() };
    const all = [crossing, ...systems.map(({ alerts }) => alerts)];
    return GROUPS.map((name) => ({ name, rules: all.flatMap((alerts) => alerts[name] ?? []) })).filter(
        ({ rules }) => rules.length > 0,
    );
}
