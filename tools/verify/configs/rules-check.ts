import { parseErrors } from "../../promql";
import { records } from "../../records";
import type { Check } from "../check";
import { nameOf, specOf } from "../world";

export const ruleExpressions: Check = {
    name: "rule-expressions",
    promise: "Every recording and alerting rule is PromQL",
    run: (world) =>
        world.ofKind("PrometheusRule").flatMap((each) =>
            records(specOf(each.object).groups).flatMap((group) =>
                records(group.rules).flatMap(({ alert, record, expr }) =>
                    parseErrors(String(expr)).map((problem) => ({
                        object: nameOf(each),
                        found: `group ${String(group.name)}, ${String(alert ?? record)}: ${problem}`,
                        wanted: "an expression that Prometheus can read",
                        hint: "rules come from the charts, and from `values` of a system's settings",
                    })),
                ),
            ),
        ),
};
