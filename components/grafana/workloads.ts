import { counted, scaler, type Workload } from "../kubernetes/workload";

/** The slice of the settings. */
export const AT = "grafana";

/** Grafana's chart comes with this one, and further values of it are set there. */
const CHART = "kube-prometheus-stack";

export const grafanaReplicated = counted(
    {
        name: CHART,
        settings: AT,
        chart: CHART,
        values: "kubePrometheusStack.values",
        below: { strategy: "deploymentStrategy" },
        budget: { at: "podDisruptionBudget" },
        needs: ["enabled"],
    },
    {
        grafana: {
            setting: `${AT}.replicas`,
            labels: { "app.kubernetes.io/name": "grafana" },
            least: 2,
            scalers: [scaler("autoscaling")],
            why: "nobody sees a dashboard during the incident that took its node",
        },
    },
);

export const grafanaWorkloads: readonly Workload[] = Object.values(grafanaReplicated);
