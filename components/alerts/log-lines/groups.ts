import type { AlertFacts } from "../facts";
import type { RuleGroup } from "../rule";
import { loginRefused } from "./database";
import type { LogRule } from "./log-rule";
import { keyRefused } from "./object-store";
import { crashed } from "./processes";

/** What no metric shows; nothing where pods' lines are not gathered. */
export function logAlertGroups(facts: AlertFacts): RuleGroup<LogRule>[] {
    if (!facts.podLogs) return [];
    return [
        {
            name: "log-lines",
            rules: [keyRefused, ...(facts.database === undefined ? [] : [loginRefused]), crashed],
        },
    ];
}
