import { orZero, type Rule } from "../../alerts/rule";
import { CANARY, NAMESPACE } from "./names";

const series = (metric: string, labels = "") => `tempo_vulture_${metric}{namespace="${NAMESPACE}",pod="a"${labels}}`;
const within = (metric: string) =>
    `sum by (namespace) (increase(tempo_vulture_${metric}{namespace="${NAMESPACE}"}[15m]))`;

const MISSING = 0.05;

/**
 * A request that fails counts too: of a trace that is gone, Tempo's answer is a 404, which the canary counts as such.
 * It looks four times a minute. A single trace can be out of sight for the moment in which an ingester moves it.
 */
const missing: Rule = {
    alert: "TraceCanaryMissingTraces",
    severity: "critical",
    expr: `${within("trace_error_total")} / ${within("trace_total")} > ${MISSING}`,
    for: "15m",
    summary: "Traces that Tempo took are not found again, or not as they were written",
    description: `{{ $value | humanizePercentage }} of the canary's looks for its traces found none, found spans missing or wrong, or failed within 15 minutes, more than ${MISSING * 100} %. Traces of applications go the same way.`,
    firing: {
        series: {
            [series("trace_error_total", ',error="missingspans"')]: "0x60",
            [series("trace_error_total", ',error="notfound_search"')]: "0+1x60",
            [series("trace_total")]: "0+4x60",
        },
        minute: 50,
        labels: { namespace: NAMESPACE },
        says: "25% of the canary's looks for its traces found none, found spans missing or wrong, or failed within 15 minutes, more than 5 %. Traces of applications go the same way.",
    },
    // Two looks that failed while a querier was replaced.
    silent: {
        series: {
            [series("trace_error_total", ',error="requestfailed"')]: "0x20 2x40",
            [series("trace_total")]: "0+4x60",
        },
        minute: 30,
    },
};

const silent: Rule = {
    alert: "TraceCanarySilent",
    severity: "warning",
    expr: `label_replace(${orZero(`sum(increase(tempo_vulture_trace_total{namespace="${NAMESPACE}"}[15m]))`)} == 0, "namespace", "${NAMESPACE}", "", "")`,
    for: "15m",
    summary: "The canary looks for no traces",
    description: `${CANARY} has looked for {{ $value }} traces within 15 minutes, where it should for some fifty. Nobody would tell that traces are lost.`,
    firing: {
        series: { [series("trace_total")]: "0+4x10 40x50" },
        minute: 50,
        labels: { namespace: NAMESPACE },
        says: `${CANARY} has looked for 0 traces within 15 minutes, where it should for some fifty. Nobody would tell that traces are lost.`,
    },
    // After a start: the first traces have to be some minutes old.
    silent: { series: { [series("trace_total")]: "0x10 4+4x50" }, minute: 30 },
};

/** Tempo's vulture, which writes traces and looks for them. */
export const canaryRules: readonly Rule[] = [missing, silent];
