import type { ChartPin } from "../../kubernetes/chart-release";

export const blackboxExporterChart: ChartPin = {
    name: "prometheus-blackbox-exporter",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "11.17.2",
    digest: undefined,
    appVersion: "v0.28.0",
    checked: "2026-11-21",
    holdsData: false,
};
