import type { ChartPin } from "../../kubernetes/chart-release";

/** VictoriaMetrics as services of their own, for stacks that survive a node or a zone. */
export const vmClusterChart: ChartPin = {
    name: "victoria-metrics-cluster",
    repository: "https://victoriametrics.github.io/helm-charts",
    version: "0.49.0",
    digest: undefined,
    appVersion: "v1.150.0",
    checked: "2026-11-29",
    holdsData: true,
};

/** VictoriaMetrics as one process, for stacks that survive nothing. */
export const vmSingleChart: ChartPin = {
    name: "victoria-metrics-single",
    repository: "https://victoriametrics.github.io/helm-charts",
    version: "0.45.0",
    digest: undefined,
    appVersion: "v1.150.0",
    checked: "2026-11-29",
    holdsData: true,
};

/** The operator that makes scrapers and evaluators of VictoriaMetrics' own objects. */
export const vmOperatorChart: ChartPin = {
    name: "victoria-metrics-operator",
    repository: "https://victoriametrics.github.io/helm-charts",
    version: "0.67.2",
    digest: undefined,
    appVersion: "v0.74.1",
    checked: "2026-11-29",
    // It keeps its definitions when it goes, and so the objects.
    holdsData: false,
};
