import { deepEqual, throws } from "node:assert/strict";
import { groupingsOf, metricsOf, parseErrors } from "../../tools/promql";

describe("reading PromQL", () => {
    it("finds what a rule reads, with the labels it compares", () => {
        const expr =
            'sum by (pod) (rate(a_total{job=~"x|y", code!="200"}[5m])) / on (pod) group_left (node) b{} > bool 1';
        deepEqual(metricsOf(expr), [
            {
                metric: "a_total",
                matchers: [
                    { label: "job", operator: "=~", value: "x|y" },
                    { label: "code", operator: "!=", value: "200" },
                ],
            },
            { metric: "b", matchers: [] },
        ]);
    });

    it("finds a name however it is written", () => {
        const names = (expr: string) => metricsOf(expr).map(({ metric }) => metric);
        deepEqual(names('{__name__="a"} or {"b.c", "d e"=\'f\'} or {__name__=~"g.*"}'), ["a", "b.c", undefined]);
    });

    it("reads the strings of matchers as Prometheus does", () => {
        const [selector] = metricsOf('a{b=~"\\\\d+\\"", c=`\\d+`}');
        deepEqual(
            selector?.matchers.map(({ value }) => value),
            ['\\d+"', "\\d+"],
        );
    });

    it("ties the labels of by, on and group_left to the side that must have them", () => {
        const sides = (expr: string) =>
            groupingsOf(expr).map(({ labels, selectors }) => [labels, selectors.map(({ metric }) => metric)]);
        deepEqual(sides("sum(a) by (x) * on (y) group_left (z) b"), [
            [["y"], ["a"]],
            [["y"], ["b"]],
            [["z"], ["b"]],
            [["x"], ["a"]],
        ]);
        deepEqual(sides("sum without (x) (a) * ignoring (y) b"), []);
        deepEqual(sides("a * on (y) group_right (z) b"), [
            [["y"], ["a"]],
            [["y"], ["b"]],
            [["z"], ["a"]],
        ]);
    });

    it("knows labels that the expression makes itself", () => {
        const made = (expr: string) => groupingsOf(expr).map((grouping) => grouping.made);
        deepEqual(made('sum by (x) (label_replace(a, "x", "$1", "y", "(.*)"))'), [["x"]]);
        deepEqual(made('max by (v) (count_values("v", a))'), [["v"]]);
    });

    it("says where an expression is no PromQL, and reads nothing from it", () => {
        deepEqual(parseErrors("sum(rate(a[5m]))"), []);
        deepEqual(parseErrors("sum(rate(a[5m])"), ["column 16: unexpected end"]);
        deepEqual(parseErrors(" "), ["column 1: nothing there"]);
        throws(() => metricsOf("a{b=}"), /column 5/);
    });
});
