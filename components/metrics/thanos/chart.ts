import type { ChartPin } from "../../kubernetes/chart-release";

export const thanosChart: ChartPin = {
    name: "thanos",
    repository: "https://stevehipwell.github.io/helm-charts",
    version: "1.24.1",
    digest: undefined,
    appVersion: "0.42.4",
    checked: "2026-11-29",
    holdsData: true,
};
