import { deepEqual, notDeepEqual, ok } from "node:assert/strict";
import { alertGroups } from "../../components/alerts/groups";
import { logAlertGroups } from "../../components/alerts/log-lines/groups";
import type { LogRule } from "../../components/alerts/log-lines/log-rule";
import type { Case, Rule } from "../../components/alerts/rule";
import { hasLabel, readTables } from "../../tools/metric-names/table";
import { metricsOf } from "../../tools/promql";
import { everyStack, fullStacks } from "../fixtures/watched";

const rules = everyStack.flatMap((systems) => alertGroups(systems).flatMap((group) => group.rules));
const logRules = fullStacks.flatMap(logAlertGroups).flatMap((group) => group.rules);
const tables = readTables();

function each<R extends Rule | LogRule>(of: readonly R[], check: (rule: R) => string[]): string[] {
    return [...new Set(of.flatMap((rule) => check(rule).map((found) => `${rule.alert}: ${found}`)))];
}

/** Metrics of a case's series, each with the labels that it is played with. */
function played({ series }: Case): Map<string, string> {
    const selectors = Object.keys(series).flatMap(metricsOf);
    return new Map(
        selectors.map(({ metric = "", matchers }) => [
            metric,
            matchers
                .map(({ label }) => label)
                .sort()
                .join(),
        ]),
    );
}

const fires = ({ firing, alsoFiring = [] }: Rule) => [firing, ...alsoFiring];

// A name that nobody reads keeps an alert silent too.
describe("a case in which an alert is silent", () => {
    it("plays what the expression reads", () => {
        ok(rules.length > 0);
        deepEqual(
            each(rules, ({ expr, silent }) => {
                const read = new Set(metricsOf(expr).map(({ metric }) => metric));
                const names = [...played(silent).keys()];
                return names.length === 0 ? ["nothing is played"] : names.filter((name) => !read.has(name));
            }),
            [],
        );
    });

    it("plays it by the labels of the case that fires, where that plays it, and by none that the metric lacks", () => {
        deepEqual(
            each(rules, (rule) =>
                [...played(rule.silent)].flatMap(([metric, labels]) => {
                    const twins = fires(rule).flatMap((one) => played(one).get(metric) ?? []);
                    return twins.length === 0 || twins.includes(labels) ? [] : [`${metric}{${labels}}`];
                }),
            ),
            [],
        );
        deepEqual(
            each(rules, (rule) =>
                [...fires(rule), rule.silent]
                    .flatMap(({ series }) => Object.keys(series).flatMap(metricsOf))
                    .flatMap(({ metric = "", matchers }) =>
                        matchers
                            .filter(({ label }) => !hasLabel(metric, label, tables))
                            .map(({ label }) => `${metric}{${label}}`),
                    ),
            ),
            [],
        );
    });

    it("differs from each in which it fires", () => {
        for (const rule of rules) {
            const { series, minute } = rule.silent;
            for (const one of fires(rule)) {
                notDeepEqual({ series, minute }, { series: one.series, minute: one.minute }, rule.alert);
            }
        }
    });

    it("has lines of the streams of those that it fires on, where it watches lines", () => {
        const keys = ({ stream }: LogRule["silent"]["lines"][number]) => Object.keys(stream).sort().join();
        ok(logRules.length > 0);
        deepEqual(
            each(logRules, ({ firing, silent }) => {
                const twins = firing.lines.map(keys);
                const streams = silent.lines.map(keys);
                return streams.length === 0 ? ["no line is played"] : streams.filter((one) => !twins.includes(one));
            }),
            [],
        );
    });
});
