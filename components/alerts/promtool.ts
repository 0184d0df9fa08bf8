import { alertingRule, labelsOf, runbookOf, type Common, type FiringCase, type Rule, type RuleGroup } from "./rule";

/** A group's rules as a file that promtool and Prometheus read. */
export function ruleFile({ name, rules }: RuleGroup, common: Common) {
    return { groups: [{ name, rules: rules.map((rule) => alertingRule(rule, common)) }] };
}

/**
 * Tests of each rule, as promtool reads them: in which it fires with this text, and one in which it is silent.
 * https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
 */
export function ruleTests(ruleFileName: string, { rules }: RuleGroup, common: Common) {
    return {
        rule_files: [ruleFileName],
        evaluation_interval: "1m",
        tests: rules.flatMap((rule) => [
            ...[rule.firing, ...(rule.alsoFiring ?? [])].map((played) => firing(rule, played, common)),
            silent(rule),
        ]),
    };
}

function firing(rule: Rule, { series, minute, labels, says }: FiringCase, common: Common) {
    return {
        name: `${rule.alert} fires (${rule.summary})`,
        interval: "1m",
        input_series: inputSeries(series),
        alert_rule_test: [
            {
                eval_time: `${minute}m`,
                alertname: rule.alert,
                exp_alerts: [
                    {
                        exp_labels: { ...labels, ...labelsOf(rule, common) },
                        exp_annotations: {
                            summary: rule.summary,
                            description: says,
                            ...runbookOf(rule, common),
                        },
                    },
                ],
            },
        ],
    };
}

function silent(rule: Rule) {
    const { series, minute } = rule.silent;
    return {
        name: `${rule.alert} is silent (${rule.summary})`,
        interval: "1m",
        input_series: inputSeries(series),
        alert_rule_test: [{ eval_time: `${minute}m`, alertname: rule.alert, exp_alerts: [] }],
    };
}

function inputSeries(series: Rule["firing"]["series"]) {
    return Object.entries(series).map(([selector, values]) => ({ series: selector, values }));
}
