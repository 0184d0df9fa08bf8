import type { ChartPin } from "../chart-release";

const repository = "https://prometheus-community.github.io/helm-charts";

export const kubePrometheusStackChart: ChartPin = {
    name: "kube-prometheus-stack",
    repository,
    version: "88.5.3",
    digest: undefined,
    appVersion: "v0.93.1",
    checked: "2026-11-21",
};

/** Definitions (ServiceMonitor, PrometheusRule, …) of the same operator version as the stack's. */
export const prometheusOperatorCrdsChart: ChartPin = {
    name: "prometheus-operator-crds",
    repository,
    version: "31.0.1",
    digest: undefined,
    appVersion: "v0.93.1",
    checked: "2026-11-21",
};
