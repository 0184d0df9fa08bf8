import type { System } from "../contracts/system";
import { cost } from "./cost";
import { dashboardLink } from "./links";
import { CLUSTER } from "./selectors";
import { graph, levels, metrics, number, table, type Dashboard, type Panel, type Row } from "./spec";

/** The first page: is everything flowing, what fires, what does it cost. */
export function startHere(systems: readonly System[]): Dashboard {
    return {
        uid: "start-here",
        title: "Start here",
        description: "Whether metrics, logs and traces arrive and are kept, what fires, and what all of it costs.",
        from: "now-6h",
        rows: [flowing(systems), checks(systems), alerts(), cost(systems)],
    };
}

function flowing(systems: readonly System[]): Row {
    return { title: "Is everything flowing?", panels: systems.flatMap(({ panels }) => panels?.flow ?? []) };
}

function checks(systems: readonly System[]): Row {
    const panels = [...systems.flatMap((system) => system.panels?.checks ?? []), ...ALWAYS];
    return { title: "Checks from outside", panels: panels.map((panel) => ({ ...panel, width: 6 })) };
}

const ALWAYS: readonly Panel[] = [
    number({
        title: "Targets down",
        description:
            "Targets that could not be scraped. Normal: 0, for minutes a few while pods are replaced. The dashboard Data path lists them by namespace.",
        unit: "short",
        thresholds: levels(1, 5),
        queries: [metrics("down", `count(up{${CLUSTER}} == 0) or vector(0)`)],
    }),
    number({
        title: "Watchdog",
        description:
            "An alert that always fires, and so proves that rules are evaluated. Normal: 1 or more. 0: no alert is evaluated, whatever this page shows.",
        unit: "short",
        base: "red",
        none: "0",
        thresholds: [{ from: 1, color: "green" }],
        queries: [metrics("firing", `sum(ALERTS{${CLUSTER}, alertname="Watchdog", alertstate="firing"})`)],
    }),
];

function alerts(): Row {
    return {
        title: "What fires",
        panels: [
            table({
                title: "Firing alerts",
                description:
                    "Normal: none. Begin with the critical ones; each has a runbook, which Alertmanager and the dashboard Alerts lead to.",
                unit: "none",
                width: 16,
                links: [dashboardLink("All alerts", "alerts")],
                queries: [
                    metrics(
                        "",
                        `count by (severity, alertname, namespace) (ALERTS{${CLUSTER}, alertstate="firing", alertname!~"Watchdog|InfoInhibitor"})`,
                    ),
                ],
            }),
            graph({
                title: "Firing, by severity",
                description: "Normal: none critical. A step that coincides with a rollout usually explains itself.",
                unit: "short",
                stacked: true,
                queries: [
                    metrics(
                        "{{severity}}",
                        `count by (severity) (ALERTS{${CLUSTER}, alertstate="firing", alertname!~"Watchdog|InfoInhibitor"})`,
                    ),
                ],
            }),
        ],
    };
}
