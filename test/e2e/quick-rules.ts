import { alertGroups } from "../../components/alerts/groups";
import { ruleFile } from "../../components/alerts/promtool";
import { common, everything } from "../fixtures/watched";

/**
 * The platform's rules as they are, but for time: what is a minute there is two seconds here, an hour of a limit five,
 * and what has to hold does so for a moment. So their causes are seen within a test; how long is long enough is promtool's
 * to judge (alerts.test.ts).
 */
export function quickRules() {
    const groups = alertGroups(everything).flatMap((group) => ruleFile(group, common).groups);
    return {
        groups: groups.map(({ name, rules }) => ({
            name,
            rules: rules.map((rule) => ({ ...rule, expr: quick(rule.alert, rule.expr), for: "3s" })),
        })),
    };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1 / 30, m: 2, h: 30, d: 60 };
/** Scrapes are two seconds apart, and a rate wants two of them, on a busy machine too. */
const SHORTEST = 15;

function quick(alert: string, expr: string): string {
    const shorter = expr
        .replaceAll(/\[(\d+)([smhd])\]/g, (_, number: string, unit: string) => {
            return `[${Math.max(SHORTEST, Math.round(Number(number) * (SECONDS[unit] ?? 1)))}s]`;
        })
        .replaceAll("* 3600", "* 5");
    return alert === "RemoteWriteBehind" ? shorter.replace("> 600", "> 20") : shorter;
}
