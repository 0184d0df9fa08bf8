import type { Role, System } from "../../contracts/system";
import type { RuleGroup } from "../rule";
import type { LogRule } from "./log-rule";
import { keyRefused } from "./object-store";
import { crashed } from "./processes";

/** What no metric shows; nothing where pods' lines are not gathered, or nobody evaluates LogQL. */
export function logAlertGroups(systems: readonly System[]): RuleGroup<LogRule>[] {
    const has = (asked: Role) => systems.some(({ role, logLines }) => role === asked && logLines === true);
    if (!has("collectors") || !has("logs")) return [];
    return [
        {
            name: "log-lines",
            rules: [...keyRefused(systems), ...systems.flatMap(({ logAlerts = [] }) => logAlerts), ...crashed(systems)],
        },
    ];
}
