import type { RuleEvaluator, System } from "../contracts/system";
import { MONITORING } from "../kubernetes/namespaces";
import { CLUSTER, inChosen, inNamespace, perSecond } from "./selectors";
import { graph, levels, metrics, number, table, type Dashboard, type Row } from "./spec";

/** Alerts that are there by design: one that always fires, one that silences others. */
const REAL = 'alertname!~"Watchdog|InfoInhibitor"';

/** What fires and fired, whether people are told, whether rules are evaluated at all. */
export function alerts(systems: readonly System[]): Dashboard {
    const evaluators = systems.flatMap(({ evaluators = [] }) => evaluators);
    return {
        uid: "alerts",
        title: "Alerts",
        description: "What fires and fired, whether people are told, and whether the rules behind it are evaluated.",
        byNamespace: true,
        from: "now-24h",
        rows: [now(), history(), telling(evaluators), rules(evaluators)],
    };
}

/** Not every alert has the label `namespace`: without it an alert is shown whatever namespace is chosen. */
function firing(more = "", state = "firing"): string {
    return `ALERTS{${CLUSTER}, namespace=~"$namespace|", alertstate="${state}", ${REAL}${more}}`;
}

function now(): Row {
    const severities = [
        { severity: "critical", description: "Someone has to act now. Normal: 0.", color: "red" },
        { severity: "warning", description: "Someone has to act in working hours. Normal: few.", color: "yellow" },
    ] as const;
    return {
        title: "Now",
        panels: [
            ...severities.map(({ severity, description, color }) =>
                number({
                    title: `Firing: ${severity}`,
                    description,
                    unit: "short",
                    thresholds: [{ from: 1, color }],
                    queries: [metrics(severity, `count(${firing(`, severity="${severity}"`)}) or vector(0)`)],
                }),
            ),
            number({
                title: "Pending",
                description: "True, but not yet for as long as their rules ask. What may fire next.",
                unit: "short",
                queries: [metrics("pending", `count(${firing("", "pending")}) or vector(0)`)],
            }),
            number({
                title: "Silences",
                description: "Active ones. Someone chose not to be told: do they still hold?",
                unit: "short",
                queries: [
                    metrics("active", `max(alertmanager_silences{${inNamespace(MONITORING, 'state="active"')}})`),
                ],
            }),
            number({
                title: "Alertmanagers",
                description:
                    "That see each other, as the one that sees least says. Normal: all, three in production. Fewer: people may be told twice.",
                unit: "short",
                queries: [metrics("members", `min(alertmanager_cluster_members{${inNamespace(MONITORING)}})`)],
            }),
            number({
                title: "Watchdog",
                description: "Always fires. 0: no rule is evaluated, or nothing of it arrives here.",
                unit: "short",
                base: "red",
                none: "0",
                thresholds: [{ from: 1, color: "green" }],
                queries: [metrics("firing", `sum(ALERTS{${CLUSTER}, alertname="Watchdog", alertstate="firing"})`)],
            }),
            table({
                title: "Firing",
                description:
                    "One line for each alert and what it speaks of. Its summary, numbers and runbook are in Alertmanager's message.",
                unit: "none",
                queries: [metrics("", `count by (severity, alertname, namespace, pod, job) (${firing()})`)],
            }),
        ],
    };
}

function history(): Row {
    return {
        title: "History",
        panels: [
            graph({
                title: "Firing, by severity",
                description: "Steps at the same moment have one cause.",
                unit: "short",
                width: 12,
                stacked: true,
                queries: [metrics("{{severity}}", `count by (severity) (${firing()})`)],
            }),
            graph({
                title: "Firing, by alert",
                description: "One that comes and goes is set too tight, or hides a pod that restarts.",
                unit: "short",
                width: 12,
                stacked: true,
                queries: [metrics("{{alertname}}", `count by (alertname) (${firing()})`)],
            }),
        ],
    };
}

/** Matchers of its metrics. */
function of({ namespace, job }: RuleEvaluator): string {
    return inNamespace(namespace, job && `job="${job}"`);
}

function telling(evaluators: readonly RuleEvaluator[]): Row {
    const alertmanager = inNamespace(MONITORING);
    return {
        title: "Telling people",
        panels: [
            graph({
                title: "Messages, last hour",
                description: "By integration. The heartbeat's webhook goes out each minute.",
                unit: "short",
                queries: [
                    metrics(
                        "{{integration}}",
                        `sum by (integration) (increase(alertmanager_notifications_total{${alertmanager}}[1h])) > 0`,
                    ),
                ],
            }),
            graph({
                title: "Messages that failed, last hour",
                description:
                    "By integration and reason. Normal: 0. Nobody is told by that way: look for a rotated token or a closed network.",
                unit: "short",
                thresholds: levels(1, 5),
                queries: [
                    metrics(
                        "{{integration}} {{reason}}",
                        `sum by (integration, reason) (increase(alertmanager_notifications_failed_total{${alertmanager}}[1h]))`,
                    ),
                ],
            }),
            graph({
                title: "Alerts that did not reach Alertmanager",
                description: "By who evaluates, after every Alertmanager had refused them. Normal: 0.",
                unit: "cps",
                queries: evaluators.map((each) => metrics(each.title, perSecond(`${each.dropped}{${of(each)}}`))),
            }),
        ],
    };
}

function rules(evaluators: readonly RuleEvaluator[]): Row {
    return {
        title: "Evaluating rules",
        panels: [
            graph({
                title: "Failed evaluations",
                description: "By who evaluates. Normal: 0. The log of that system names the rule and its error.",
                unit: "cps",
                queries: evaluators.map((each) =>
                    metrics(each.title, perSecond(`${each.prefix}_rule_evaluation_failures_total{${of(each)}}`)),
                ),
            }),
            graph({
                title: "Missed evaluations",
                description:
                    "Groups of rules that took longer than their interval. Normal: 0. Split the group, or record what it asks for often.",
                unit: "cps",
                queries: evaluators.map((each) =>
                    metrics(each.title, perSecond(`${each.prefix}_rule_group_iterations_missed_total{${of(each)}}`)),
                ),
            }),
            graph({
                title: "Alerts of the chosen namespaces that were true, by namespace",
                description: "Pending and firing together: whose systems are restless.",
                unit: "short",
                stacked: true,
                queries: [metrics("{{namespace}}", `count by (namespace) (ALERTS{${inChosen(REAL)}})`)],
            }),
        ],
    };
}
