import type { ChartPin } from "../../kubernetes/chart-release";

export const opensearchChart: ChartPin = {
    name: "opensearch",
    repository: "https://opensearch-project.github.io/helm-charts",
    version: "3.6.0",
    digest: undefined,
    appVersion: "3.6.0",
    checked: "2026-11-29",
    holdsData: true,
};

/** Takes OTLP, which OpenSearch does not. */
export const vectorChart: ChartPin = {
    name: "vector",
    repository: "https://helm.vector.dev",
    version: "0.57.0",
    digest: undefined,
    appVersion: "0.56.0-distroless-libc",
    checked: "2026-11-29",
    holdsData: false,
};

/** Screens on the lines. */
export const dashboardsChart: ChartPin = {
    name: "opensearch-dashboards",
    repository: "https://opensearch-project.github.io/helm-charts",
    version: "3.6.0",
    digest: undefined,
    appVersion: "3.6.0",
    checked: "2026-11-29",
    holdsData: false,
};

export const exporterChart: ChartPin = {
    name: "prometheus-elasticsearch-exporter",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "7.4.0",
    digest: undefined,
    appVersion: "v1.11.0",
    checked: "2026-11-29",
    holdsData: false,
};
