import type { ChartPin } from "../../kubernetes/chart-release";

/** The operator that runs PostgreSQL. Chart and operator are released together. */
export const cloudnativePgChart: ChartPin = {
    name: "cloudnative-pg",
    repository: "https://cloudnative-pg.github.io/charts",
    version: "0.29.0",
    digest: "668e065ff53508d58238788fd35b355a925060843629a951df0e6a9362e6d32f",
    appVersion: "1.30.0",
    checked: "2026-11-21",
    // It keeps its definitions when it goes, and so the clusters.
    holdsData: false,
};

/** The plugin that archives it, with a number of its own for chart and program. */
export const barmanCloudChart: ChartPin = {
    name: "plugin-barman-cloud",
    repository: "https://cloudnative-pg.github.io/charts",
    version: "0.7.0",
    digest: "683494c04cc94f7d33c4ac5f3d8d64c209634b48bd0e84da31d7d1fad22cdcdb",
    appVersion: "v0.13.0",
    checked: "2026-11-21",
    // It keeps its definition when it goes, and the archive is in the object store.
    holdsData: false,
};

/** The server's image, below its registry. Pinned to a minor version: the operator's default moves with the operator. */
export const postgresImage = { registry: "ghcr.io", path: "cloudnative-pg/postgresql:18.4-system-trixie" };
