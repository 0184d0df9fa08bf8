import type { ChartPin } from "../../kubernetes/chart-release";

/** The last chart that upstream published; its images are replaced, see settings.ts. */
export const minioChart: ChartPin = {
    name: "minio",
    repository: "https://charts.min.io",
    version: "5.4.0",
    digest: "25fa2740480d1ebc9e64340854a6c42d3a7bc39c2a77378da91b21f144faa9af",
    appVersion: "RELEASE.2024-12-18T13-15-44Z",
    checked: "2026-11-21",
    holdsData: true,
};
