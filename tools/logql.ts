import { parser } from "@grafana/lezer-logql";
import { syntaxErrors } from "./promql";

/** What keeps an expression from being a rule. Loki's ruler takes one that gives lines, and fails at each evaluation. */
export function logRuleErrors(expr: string): string[] {
    const errors = logqlErrors(expr);
    if (errors.length > 0) return errors;
    const isMetric = parser.parse(expr).topNode.firstChild?.firstChild?.name === "MetricExpr";
    return isMetric ? [] : ["it gives lines and no numbers"];
}

/**
 * Where an expression is not LogQL, as `column: what stands there`; empty if it is. Types of arguments are Loki's to check.
 */
export function logqlErrors(expr: string): string[] {
    return syntaxErrors(parser.parse(expr), expr);
}
