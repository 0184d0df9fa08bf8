import type { ChartPin } from "../../kubernetes/chart-release";

export const k8sMonitoringChart: ChartPin = {
    name: "k8s-monitoring",
    repository: "https://grafana.github.io/helm-charts",
    version: "4.4.0",
    digest: "910ac774c6acffa91279f5b135f4d5048620ad8ca136545b3368006d28532996",
    // Version of Alloy.
    appVersion: "1.18.1",
    checked: "2026-11-21",
    holdsData: false,
};
