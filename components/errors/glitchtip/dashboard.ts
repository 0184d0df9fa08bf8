import { podRows } from "../../dashboards/pods";
import { inNamespace, perSecond, quantile } from "../../dashboards/selectors";
import { graph, metrics, number, type Dashboard } from "../../dashboards/spec";
import { NAMESPACE, TITLE } from "./names";

const of = (more?: string) => inNamespace(NAMESPACE, more);

export function glitchtipDashboard(): Dashboard {
    return {
        uid: "glitchtip",
        title: TITLE,
        description:
            "Applications' errors: do they wait, are they worked on, how long does it take. Its database has a page of its own.",
        from: "now-6h",
        rows: [
            {
                title: "Queue",
                panels: [
                    number({
                        title: "Waiting now",
                        description:
                            "In both queues. Normal: below a hundred; what was sent is in the database already.",
                        unit: "short",
                        thresholds: [
                            { from: 100, color: "yellow" },
                            { from: 1000, color: "red" },
                        ],
                        queries: [metrics("waiting", `sum(max by (queue) (vtasks_queue_depth{${of()}}))`)],
                    }),
                    graph({
                        title: "Tasks that wait",
                        description:
                            "By queue. `ingest` are errors that were sent; it rises where workers are too few, or the database is slow.",
                        unit: "short",
                        queries: [metrics("{{queue}}", `max by (queue) (vtasks_queue_depth{${of()}})`)],
                    }),
                    graph({
                        title: "Tasks done",
                        description: "By outcome. Never 0: one is planned for each minute.",
                        unit: "cps",
                        queries: [metrics("{{status}}", perSecond(`vtasks_tasks_processed_total{${of()}}`, "status"))],
                    }),
                    graph({
                        title: "Time of a task",
                        description: "Half of them are faster, and nearly all.",
                        unit: "s",
                        queries: [
                            metrics("50 %", quantile(0.5, "vtasks_task_duration_seconds", of())),
                            metrics("99 %", quantile(0.99, "vtasks_task_duration_seconds", of())),
                        ],
                    }),
                ],
            },
            ...podRows(NAMESPACE, "ERROR|CRITICAL|Traceback"),
        ],
    };
}
