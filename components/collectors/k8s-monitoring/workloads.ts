import { counted, scaler, workload, type Row, type System, type Workload } from "../../kubernetes/workload";
import { k8sMonitoringChart } from "./chart";
import {
    COLLECTOR_NAMES,
    collectorLabels,
    DESTINATIONS,
    OPERATOR_LABELS,
    SAMPLER_LABELS,
    type CollectorName,
} from "./names";

/** The slice of the settings. */
const AT = "k8sMonitoring";

const SYSTEM: System = {
    name: "k8s-monitoring",
    settings: AT,
    chart: k8sMonitoringChart.name,
    below: {
        replicas: "controller.replicas",
        resources: "alloy.resources",
        affinity: "controller.affinity",
        spread: "controller.topologySpreadConstraints",
        strategy: "controller.updateStrategy",
    },
    budget: { at: "controller.podDisruptionBudget", switch: "enabled" },
};

/** A collector that is not tied to nodes. */
function collector(name: CollectorName): Pick<Row, "at" | "labels" | "standing" | "scalers" | "place"> {
    const at = `collectors.${name}`;
    return {
        at,
        labels: collectorLabels(name),
        standing: "volume",
        scalers: [scaler("controller.autoscaling"), scaler("controller.autoscaling.horizontal")],
        place: { collector: at },
    };
}

const SAMPLING = `destinations.${DESTINATIONS.traces}.processors.tailSampling`;

const rows = {
    events: {
        ...collector(COLLECTOR_NAMES.events),
        standing: "stateless",
        least: 2,
        why: "the cluster's events are not kept",
    },
    metrics: {
        ...collector(COLLECTOR_NAMES.metrics),
        least: 3,
        why: "targets are not scraped until a replacement has started",
    },
    receiver: { ...collector(COLLECTOR_NAMES.receiver), least: 3, why: "what applications push has nowhere to go" },
    sampler: {
        at: `${SAMPLING}.collector`,
        labels: SAMPLER_LABELS,
        standing: "volume",
        least: 2,
        why: "traces are not kept until a replacement has started",
        place: { collector: `${SAMPLING}.collector`, onlyIf: { path: `${SAMPLING}.enabled`, is: true } },
    },
} satisfies Readonly<Record<string, Row>>;

const operator = counted(
    {
        ...SYSTEM,
        below: { replicas: "replicaCount", strategy: undefined },
        budget: { at: "podDisruptionBudget" },
    },
    {
        operator: {
            at: "alloy-operator",
            labels: OPERATOR_LABELS,
            least: 2,
            why: "while its node is away collectors are not changed, and one that is deleted does not come back",
        },
    },
);

/** By the keys of the settings' `replicas`. */
export const k8sMonitoringReplicated = { ...counted(SYSTEM, rows), ...operator };

const { events, metrics, receiver, sampler } = k8sMonitoringReplicated;

const logs = workload(SYSTEM, "logs", {
    at: `collectors.${COLLECTOR_NAMES.logs}`,
    labels: collectorLabels(COLLECTOR_NAMES.logs),
    perNode: true,
    why: "it runs on each node",
});

/** Collectors that the user's own values add. */
const added = workload(SYSTEM, "collectors", { at: "collectors.*", why: "what they do is not known" });

export const k8sMonitoringWorkloads: readonly Workload[] = [
    ...[k8sMonitoringReplicated.operator, events, logs, metrics, receiver, added, sampler],
];
