import { counted, workload, type Row, type System, type Workload } from "../../kubernetes/workload";
import { kubePrometheusStackChart } from "./chart";
import { PODS } from "./names";

/** The slice of the settings. */
export const AT = "kubePrometheusStack";

const SYSTEM: System = { name: "kube-prometheus-stack", settings: AT, chart: kubePrometheusStackChart.name };

/** What the operator runs from a custom resource, whose spec the chart's values have below `<name>Spec`. */
function operated(
    name: "prometheus" | "alertmanager" | "ruler",
): Pick<Row, "at" | "setting" | "labels" | "standing" | "place"> {
    const called = name === "ruler" ? "thanosRuler" : name;
    const at = `${called}.${called}Spec`;
    return {
        at,
        setting: `${AT}.${name}.replicas`,
        labels: PODS[name],
        place: {
            // They run only where their operator does.
            needs: [`${called}.enabled`, "prometheusOperator.enabled"],
            apart: { path: `${at}.podAntiAffinity`, is: "hard", topology: `${at}.podAntiAffinityTopologyKey` },
            budget: { at: `${called}.podDisruptionBudget`, switch: "enabled" },
        },
    };
}

/** By the keys of the settings that have `replicas`. */
export const kubePrometheusStackReplicated = counted(
    { ...SYSTEM, below: { strategy: undefined } },
    {
        prometheus: {
            ...operated("prometheus"),
            standing: "quorum",
            least: 2,
            only: {
                in: ["nothing", "node", "zone"],
                holds: (count) => count <= 2,
                words: "no more than 2",
                why: "they are a pair, of which the metrics store keeps one",
            },
            why: "while its node is away nothing is scraped and no alert fires",
            grace: 600,
        },
        alertmanager: {
            ...operated("alertmanager"),
            standing: "quorum",
            least: 3,
            only: {
                in: ["node", "zone"],
                holds: (count) => count % 2 === 1,
                words: "an odd number",
                why: "an even one adds a member and no failure more",
            },
            why: "alerts are lost or sent twice when a member goes",
            grace: 120,
        },
        ruler: {
            ...operated("ruler"),
            role: "thanos-ruler",
            least: 2,
            why: "while its node is away no alert fires on what the metrics store alone has",
        },
    },
);

const OPERATOR = "prometheusOperator";
const { release } = PODS.webhook;

const others: readonly Workload[] = [
    workload(SYSTEM, OPERATOR, {
        role: "operator",
        labels: { app: `${kubePrometheusStackChart.name}-operator`, release },
        why: "its chart runs one, and has no leader election: while it is away, changes wait",
    }),
    workload(SYSTEM, "webhook", {
        at: `${OPERATOR}.admissionWebhooks.deployment`,
        labels: PODS.webhook,
        why: "while it is away rules are taken unread",
    }),
];

/** What is scraped of the cluster itself. */
export const exporterWorkloads: readonly Workload[] = [
    workload(SYSTEM, "kube-state-metrics", {
        labels: PODS.kubeStateMetrics,
        least: 1,
        exactly: true,
        why: "none: alerts on workloads stay silent; two: everything is counted twice",
        place: { needs: ["kubeStateMetrics.enabled"] },
    }),
    workload(SYSTEM, "prometheus-node-exporter", {
        role: "node-exporter",
        labels: PODS.nodeExporter,
        perNode: true,
        why: "it runs on each node",
    }),
];

/** The operator and what it runs. */
export const kubePrometheusStackWorkloads: readonly Workload[] = [
    ...others,
    ...Object.values(kubePrometheusStackReplicated),
];
