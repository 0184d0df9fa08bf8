import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ruleObject } from "../../components/alerts/alerts";
import { alertGroups } from "../../components/alerts/groups";
import { logAlertGroups } from "../../components/alerts/log-lines/groups";
import type { Rule } from "../../components/alerts/rule";
import { definitionsOf, hasLabel, readTables } from "../../tools/metric-names/table";
import { groupingsOf, metricsOf, parseErrors } from "../../tools/promql";
import { common, everything, everyStack, fullStacks, leastOfAll, systemsWith } from "../fixtures/watched";

const rules = everyStack.flatMap((systems) => alertGroups(systems).flatMap((group) => group.rules));
const tables = readTables();
const RUNBOOKS = join(__dirname, "../../docs/runbooks");

function each(check: (rule: Rule) => string[]): string[] {
    return rules.flatMap((rule) => check(rule).map((found) => `${rule.alert}: ${found}`));
}

describe("the platform's alerts", () => {
    it("are PromQL", () => {
        deepEqual(
            each(({ expr }) => parseErrors(expr)),
            [],
        );
    });

    it("name only metrics that a pinned binary has, in tests too", () => {
        const named = ({ expr, firing, alsoFiring = [], silent }: Rule) =>
            [expr, ...[firing, ...alsoFiring, silent].flatMap(({ series }) => Object.keys(series))].flatMap(metricsOf);
        deepEqual(
            each((rule) =>
                named(rule)
                    .map(({ metric }) => metric ?? "a selector without a name")
                    .filter((metric) => definitionsOf(metric, tables).length === 0),
            ),
            [],
        );
    });

    it("compare, group by and join on labels that those metrics carry", () => {
        const compared = ({ expr }: Rule) =>
            metricsOf(expr).flatMap(({ metric = "", matchers }) =>
                matchers
                    .filter(({ label }) => !hasLabel(metric, label, tables))
                    .map(({ label }) => `${metric}{${label}}`),
            );
        const grouped = ({ expr }: Rule) =>
            groupingsOf(expr).flatMap(({ labels, selectors, made }) =>
                labels.filter(
                    (label) =>
                        !made.includes(label) && !selectors.some(({ metric = "" }) => hasLabel(metric, label, tables)),
                ),
            );
        deepEqual(
            each((rule) => [...compared(rule), ...grouped(rule)]),
            [],
        );
    });

    it("have a runbook each, and no runbook is of an alert that is gone", () => {
        const onLogs = fullStacks.flatMap(logAlertGroups).flatMap((group) => group.rules);
        const alerts = [...new Set([...rules, ...onLogs].map(({ alert }) => alert))].sort();
        const pages = readdirSync(RUNBOOKS).filter((file) => file !== "README.md");
        deepEqual(
            pages.sort(),
            alerts.map((alert) => `${alert}.md`),
        );
        for (const page of pages) {
            const text = readFileSync(join(RUNBOOKS, page), "utf8");
            for (const part of ["## What it means", "## What is lost", "## Look", "## Do", "## Escalate"]) {
                ok(text.includes(`\n${part}\n`), `${page} lacks "${part}"`);
            }
        }
        ok(existsSync(join(RUNBOOKS, "README.md")));
    });

    it("lead to queries that exist, too", () => {
        const found = readdirSync(RUNBOOKS).flatMap((page) =>
            [...readFileSync(join(RUNBOOKS, page), "utf8").matchAll(/```promql\n([\s\S]*?)```/g)]
                .flatMap(([, block = ""]) => block.trim().split("\n"))
                .flatMap((query) => metricsOf(query))
                .map(({ metric }) => metric ?? "a selector without a name")
                .filter((metric) => definitionsOf(metric, tables).length === 0)
                .map((metric) => `${page}: ${metric}`),
        );
        deepEqual(found, []);
    });

    it("say numbers in the description and none in the title", () => {
        deepEqual(
            each(({ summary, description, firing }) => [
                ...(/\{\{|\d/.test(summary) ? [summary] : []),
                ...(/\d/.test(firing.says) ? [] : [firing.says]),
                ...(description.includes("$labels.cluster") ? ["the label cluster may be a metric's own"] : []),
            ]),
            [],
        );
    });

    it("take their thresholds from the settings", () => {
        const below = (systems: typeof everything) =>
            alertGroups(systems)
                .flatMap((group) => group.rules)
                .filter(({ alert }) => alert === "ReplicationBelowFactor")
                .map(({ expr }) => expr.slice(-3));
        deepEqual(below(everything), ["< 3", "< 3", "< 3"]);
        deepEqual(below(leastOfAll), ["< 1", "< 1", "< 1"]);
    });

    it("watch what a stack has, and nothing that it has not", () => {
        const names = (systems: typeof everything) => alertGroups(systems).map(({ name }) => name);
        deepEqual(
            names(everything).filter((name) => !names(leastOfAll).includes(name)),
            ["clients", "database", "addresses", "backups"],
        );
        const roles = (systems: typeof everything) => systems.map(({ role }) => role);
        deepEqual(
            roles(everything).filter((role) => !roles(leastOfAll).includes(role)),
            ["ingest", "objectStore", "backup", "database", "probes", "copies"],
        );
        ok(roles(systemsWith({ survives: "nothing" })).includes("objectStore"), "a laptop's own MinIO is watched");
    });

    it("are told apart: by team, severity and runbook, and from their namesakes by store", () => {
        const [group] = alertGroups(everything);
        ok(group);
        const object = ruleObject(group, common);
        equal(object.metadata.name, "platform-metrics-store");
        const [{ rules: written } = { rules: [] }] = object.spec.groups;
        for (const { alert, labels, annotations } of written) {
            equal(labels.team, "platform");
            equal(labels.store, "metrics");
            match(labels.severity ?? "", /^(critical|warning)$/);
            equal(annotations.runbook_url, `https://git.example.com/docs/runbooks/${alert}.md`);
        }
        const [{ rules: unlinked } = { rules: [] }] = ruleObject(group, { team: "platform" }).spec.groups;
        for (const { alert, annotations } of unlinked) {
            equal(annotations.runbook, `docs/runbooks/${alert}.md`);
            ok(!("runbook_url" in annotations), "a path is no link");
        }
        const identity = ({ alert, severity, labels }: Rule) => JSON.stringify([alert, severity, labels]);
        const all = alertGroups(everything).flatMap(({ rules: some }) => some.map(identity));
        equal(new Set(all).size, all.length);
    });
});
