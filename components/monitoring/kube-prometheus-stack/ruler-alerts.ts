import { ofStore, orZero, type Rule } from "../../alerts/rule";
import { rulesFailing } from "../../alerts/rulers";
import type { RuleEvaluator } from "../../contracts/system";
import { MONITORING } from "../../kubernetes/namespaces";
import { RULER } from "./names";

export const rulerEvaluator: RuleEvaluator = {
    title: "Thanos Ruler",
    namespace: MONITORING,
    job: RULER,
    prefix: "prometheus",
    dropped: "thanos_alert_sender_alerts_dropped_total",
};

/** What evaluates rules on the metrics store, whichever that is. */
export function rulerRules(metricsStore: string): Rule[] {
    // A store may have a ruler of its own, whose alert of this name is another.
    const failing = { ...rulesFailing(rulerEvaluator), labels: { ruler: "objects" } };
    return ofStore("metrics", [failing, rulerDown(metricsStore), alertsDropped]);
}

const target = `namespace="${MONITORING}",job="${RULER}"`;

function rulerDown(metricsStore: string): Rule {
    const what = `rulers of ${metricsStore} answer, for 10 minutes now. No alert on what it alone has can fire, and recorded series have a hole.`;
    return {
        alert: "RulerDown",
        severity: "critical",
        expr: `${orZero(`sum(up{${target}})`)} == 0`,
        for: "10m",
        labels: { namespace: MONITORING },
        summary: `Nobody evaluates rules on ${metricsStore}`,
        description: `{{ $value }} ${what}`,
        firing: {
            series: { [`up{${target},pod="a"}`]: "0x30" },
            minute: 20,
            labels: { namespace: MONITORING },
            says: `0 ${what}`,
        },
        // One of the pair is away.
        silent: { series: { [`up{${target},pod="a"}`]: "0x30", [`up{${target},pod="b"}`]: "1x30" }, minute: 20 },
    };
}

const sender = `thanos_alert_sender_alerts_dropped_total{${target}`;
const queue = `thanos_alert_queue_alerts_dropped_total{${target}`;
const LOST =
    "no Alertmanager took within 15 minutes, and for a quarter of an hour there always were some. Nobody is told of them.";

const alertsDropped: Rule = {
    alert: "RulerAlertsDropped",
    severity: "critical",
    expr: `sum by (namespace) (increase(${sender}}[15m])) + sum by (namespace) (increase(${queue}}[15m])) > 0`,
    for: "15m",
    summary: "Alerts on the metrics store reach no Alertmanager",
    description: `The metrics store's rulers dropped {{ $value | printf "%.0f" }} alerts that ${LOST}`,
    firing: {
        series: { [`${sender},pod="a"}`]: "0+1x60", [`${queue},pod="a"}`]: "0x60" },
        minute: 50,
        labels: { namespace: MONITORING },
        says: `The metrics store's rulers dropped 15 alerts that ${LOST}`,
    },
    // Alertmanagers that were replaced.
    silent: { series: { [`${sender},pod="a"}`]: "0x20 3x60", [`${queue},pod="a"}`]: "0x80" }, minute: 50 },
};
