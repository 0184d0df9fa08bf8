import { logRuleErrors } from "../../logql";
import { parseErrors } from "../../promql";
import { records } from "../../records";
import type { Check } from "../check";
import { nameOf, specOf } from "../cluster-model";
import { readRules } from "./rule-readers";

export const ruleExpressions: Check = {
    name: "rule-expressions",
    promise: "Every recording and alerting rule is PromQL, or LogQL where Loki's ruler evaluates it",
    run: (model) =>
        readRules(model).flatMap(({ object, carriers }) => {
            const [errors, reader] = carriers.length === 0 ? [parseErrors, "Prometheus"] : [logRuleErrors, "Loki"];
            return records(specOf(object.object).groups).flatMap((group) =>
                records(group.rules).flatMap(({ alert, record, expr }) =>
                    errors(String(expr)).map((problem) => ({
                        object: nameOf(object),
                        found: `group ${String(group.name)}, ${String(alert ?? record)}: ${problem}`,
                        wanted: `an expression that ${reader} can read`,
                        hint: "rules come from the charts, and from `values` of a system's settings",
                    })),
                ),
            );
        }),
};
