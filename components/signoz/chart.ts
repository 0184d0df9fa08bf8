import type { ChartPin } from "../kubernetes/chart-release";

export const signozChart: ChartPin = {
    name: "signoz",
    repository: "https://charts.signoz.io",
    version: "0.131.0",
    digest: undefined,
    appVersion: "v0.131.0",
    checked: "2026-11-29",
    // Screens' own database; what was sent is in ClickHouse. A StatefulSet's volume outlives the release.
    holdsData: false,
};
