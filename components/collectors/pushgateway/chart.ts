import type { ChartPin } from "../../kubernetes/chart-release";

export const pushgatewayChart: ChartPin = {
    name: "prometheus-pushgateway",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "3.8.0",
    digest: undefined,
    appVersion: "v1.11.3",
    checked: "2026-11-21",
    // Its volume outlives the release, as every StatefulSet's.
    holdsData: false,
};
