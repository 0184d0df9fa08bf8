import type { ChartPin } from "../../kubernetes/chart-release";

/** Tempo as services of their own, for stacks that survive a node or a zone. The last chart of Tempo 2. */
export const tempoDistributedChart: ChartPin = {
    name: "tempo-distributed",
    repository: "https://grafana-community.github.io/helm-charts",
    version: "2.26.2",
    digest: "4adb4a0a8078fc179435b9e21e4ad90ccb7e471d4571767d1284d11afaa02ea3",
    appVersion: "2.10.7",
    checked: "2026-11-21",
    holdsData: true,
};

/** Tempo as one process, for stacks that survive nothing. */
export const tempoSingleChart: ChartPin = {
    name: "tempo",
    repository: "https://grafana-community.github.io/helm-charts",
    version: "2.2.4",
    digest: "5f3f4b29c4487b9c27715c18bc6c7b0889712b14075d97705f9b151a51725f68",
    appVersion: "2.10.8",
    checked: "2026-11-21",
    holdsData: true,
};

/** The Tempo that both charts run: one binary in every environment, and patches that came after a chart. */
export const tempoVersion = "2.10.8";
