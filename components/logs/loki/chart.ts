import type { ChartPin } from "../../kubernetes/chart-release";

export const lokiChart: ChartPin = {
    name: "loki",
    repository: "https://grafana-community.github.io/helm-charts",
    version: "18.11.0",
    digest: "d4d99424d197e1460878093c9fced02346669ab0698a0dca7c575ab76fff7aeb",
    appVersion: "3.7.6",
    checked: "2026-11-21",
    holdsData: true,
};
