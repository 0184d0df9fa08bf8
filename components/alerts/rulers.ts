import type { RuleEvaluator } from "../contracts/system";
import type { Rule } from "./rule";

/** Rules that cannot be evaluated: their alerts are silent, whatever happens. */
export function rulesFailing({ title, namespace, job, prefix }: RuleEvaluator): Rule {
    const failures = `${prefix}_rule_evaluation_failures_total{namespace="${namespace}"${job === undefined ? "" : `,job="${job}"`}`;
    const then = "What they watch raises no alert meanwhile.";
    return {
        alert: "RulesFailing",
        severity: "warning",
        expr: `sum by (namespace) (increase(${failures}}[15m])) > 0`,
        for: "15m",
        summary: `${title} fails to evaluate rules`,
        description: `{{ $value | printf "%.0f" }} evaluations of rules failed in ${title} within 15 minutes, and for a quarter of an hour some always did. ${then}`,
        firing: {
            series: { [`${failures},pod="a"}`]: "0+1x60" },
            minute: 50,
            labels: { namespace },
            says: `15 evaluations of rules failed in ${title} within 15 minutes, and for a quarter of an hour some always did. ${then}`,
        },
        // A pod that moved: its rules were evaluated again at once.
        silent: { series: { [`${failures},pod="a"}`]: "0x20 2x60" }, minute: 50 },
    };
}
