import { deepEqual, equal, ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ruleObject } from "../../components/alerts/alerts";
import { logAlertGroups } from "../../components/alerts/log-lines/groups";
import type { LogRule } from "../../components/alerts/log-lines/log-rule";
import type { Role } from "../../components/contracts/system";
import { logqlErrors, logRuleErrors } from "../../tools/logql";
import { common, everything, fullStacks, leastOfAll } from "../fixtures/watched";

const rules = logAlertGroups(everything).flatMap((group) => group.rules);
const everyRule = fullStacks.flatMap(logAlertGroups).flatMap((group) => group.rules);
const RUNBOOKS = join(__dirname, "../../docs/runbooks");

/** Labels and structured metadata that the collectors keep on pods' lines. */
const KEPT = ["cluster", "container", "namespace", "pod"];

function each(check: (rule: LogRule) => string[]): string[] {
    return everyRule.flatMap((rule) => check(rule).map((found) => `${rule.alert}: ${found}`));
}

/** The filters of a query's lines. */
function filters(expr: string): RegExp[] {
    return [...expr.matchAll(/\|~ (?:`([^`]*)`|"([^"]*)")/g)].map(([, raw, quoted]) => new RegExp(raw ?? quoted ?? ""));
}

describe("the platform's alerts on log lines", () => {
    it("are LogQL that gives numbers", () => {
        ok(rules.length > 0);
        deepEqual(
            each(({ expr }) => logRuleErrors(expr)),
            [],
        );
    });

    it("find each line that they are to fire on: what every store writes when its key is refused, too", () => {
        deepEqual(
            each(({ expr, firing }) =>
                firing.lines
                    .map(({ line }) => line)
                    .filter((line) => !filters(expr).every((filter) => filter.test(line))),
            ),
            [],
        );
        const refused = rules.find(({ alert }) => alert === "ObjectStoreKeyRefused");
        const clients = everything.flatMap(({ objectStoreClient }) => objectStoreClient ?? []);
        ok(clients.length > 2 && clients.every(({ refusals }) => refusals.length > 0));
        equal(refused?.firing.lines.length, clients.flatMap(({ refusals }) => refusals).length);
    });

    it("do not find themselves in Loki's log, which has each query that is run, also where running it failed", () => {
        const logged = (expr: string) => `level=error ts=2026-01-01T00:00:00Z caller=x query=${JSON.stringify(expr)}`;
        deepEqual(
            each(({ expr }) => {
                ok(filters(expr).length > 0);
                return filters(expr).every((filter) => filter.test(logged(expr))) ? [expr] : [];
            }),
            [],
        );
    });

    it("play lines as the collectors store them, and speak of what those carry", () => {
        const lines = ({ firing, silent }: LogRule) => [...firing.lines, ...silent.lines];
        deepEqual(
            each((rule) =>
                lines(rule)
                    .flatMap(({ stream, metadata }) => [...Object.keys(stream), ...Object.keys(metadata ?? {})])
                    .filter((label) => !KEPT.includes(label)),
            ),
            [],
        );
        for (const { firing } of everyRule) {
            equal(firing.labels.cluster, "blue", "routes and inhibitions compare it");
            ok(firing.labels.namespace);
        }
    });

    it("say numbers in the description and none in the title", () => {
        deepEqual(
            each(({ summary, firing }) => [
                ...(/\{\{|\d/.test(summary) ? [summary] : []),
                ...(/\d/.test(firing.says) ? [] : [firing.says]),
            ]),
            [],
        );
    });

    it("carry the label by which they go to the ruler, and are there only where there are lines to read", () => {
        const [group] = logAlertGroups(everything);
        ok(group);
        const marked = { "observability-platform/rules": "logs" };
        const { labels } = ruleObject(group, common, marked).metadata;
        deepEqual(labels, { "app.kubernetes.io/part-of": "observability-platform", ...marked });
        deepEqual(logAlertGroups(leastOfAll), []);
        const without = (role: Role) =>
            logAlertGroups(everything.filter((system) => system.role !== role)).flatMap((some) => some.rules);
        const noDatabase = without("database");
        equal(noDatabase.length, rules.length - 1);
        deepEqual(without("logs"), [], "nobody would evaluate them");
    });

    it("lead to queries that are LogQL", () => {
        const queries = readdirSync(RUNBOOKS).flatMap((page) =>
            [...readFileSync(join(RUNBOOKS, page), "utf8").matchAll(/```logql\n([\s\S]*?)```/g)].map(
                ([, query = ""]) => query,
            ),
        );
        ok(queries.length >= rules.length);
        deepEqual(queries.flatMap(logqlErrors), []);
    });
});
