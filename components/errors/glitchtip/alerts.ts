import { orZero, type Rule } from "../../alerts/rule";
import { NAMESPACE } from "./names";

const MANY = 1000;
const depth = (queue: string) => `vtasks_queue_depth{namespace="${NAMESPACE}",pod="a",queue="${queue}"}`;
const waiting = (tasks: string) =>
    `${tasks} tasks have waited in the queue ingest for 15 minutes, more than ${MANY}. What was sent is kept, in the database, and seen by nobody until then.`;

const queueGrowing: Rule = {
    alert: "ErrorsQueueGrowing",
    severity: "warning",
    expr: `max by (namespace, queue) (vtasks_queue_depth{namespace="${NAMESPACE}"}) > ${MANY}`,
    for: "15m",
    summary: "GlitchTip makes issues more slowly than errors come",
    description: waiting("{{ $value }}").replace("queue ingest", "queue {{ $labels.queue }}"),
    firing: {
        series: { [depth("ingest")]: "0+100x60", [depth("default")]: "3x60" },
        minute: 40,
        labels: { namespace: NAMESPACE, queue: "ingest" },
        says: waiting("4000"),
    },
    // A wave that is worked off.
    silent: { series: { [depth("ingest")]: "0x5 5000x10 20x60" }, minute: 30 },
};

const done = `vtasks_tasks_processed_total{namespace="${NAMESPACE}",pod="a",queue="default",status="success"}`;
const idle =
    "No task was done within 15 minutes, though one is planned for each minute. Errors that are sent wait in the database, and nobody is told of them.";

const workersIdle: Rule = {
    alert: "ErrorsNotProcessed",
    severity: "warning",
    expr: `${orZero(`sum(increase(vtasks_tasks_processed_total{namespace="${NAMESPACE}"}[15m]))`)} == 0`,
    for: "5m",
    labels: { namespace: NAMESPACE },
    summary: "GlitchTip's workers do nothing",
    description: idle,
    firing: { series: { [done]: "7x60" }, minute: 40, labels: { namespace: NAMESPACE }, says: idle },
    silent: { series: { [done]: "0+1x60" }, minute: 40 },
};

/** GlitchTip as its workers tell of it; its database has rules of its own. */
export const glitchtipAlerts: readonly Rule[] = [queueGrowing, workersIdle];
