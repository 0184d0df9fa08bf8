import type { ChartPin } from "../../kubernetes/chart-release";

export const kubePrometheusStackChart: ChartPin = {
    name: "kube-prometheus-stack",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "88.5.3",
    digest: undefined,
    appVersion: "v0.93.1",
    checked: "2026-11-21",
    holdsData: false,
};

/** Definitions (ServiceMonitor, PrometheusRule, …) of the same operator version as the stack's. */
export const prometheusOperatorCrdsChart: ChartPin = {
    name: "prometheus-operator-crds",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "31.0.1",
    digest: undefined,
    appVersion: "v0.93.1",
    checked: "2026-11-21",
    holdsData: true,
};
