import type { ChartPin } from "../../kubernetes/chart-release";

export const cortexChart: ChartPin = {
    name: "cortex",
    repository: "https://cortexproject.github.io/cortex-helm-chart",
    version: "3.3.4",
    digest: "28205918a8fde979eda8860c8cfc87c86859c174865eb5949657733ec0783c1a",
    appVersion: "v1.21.1",
    checked: "2026-11-21",
    holdsData: true,
};
