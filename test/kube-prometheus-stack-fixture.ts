import type { Survives } from "../components/placement";
import type { PlatformSettings } from "../components/platform-settings";
import { platformOf } from "./platform-fixture";
import { kubePrometheusStackDefaults } from "../components/kube-prometheus-stack/settings";
import { buildKubePrometheusStackValues } from "../components/kube-prometheus-stack/values";

const database = {
    host: "grafana-db-rw.postgres.svc.cluster.local",
    port: 5432,
    name: "grafana",
    user: "grafana",
    generation: 1,
    peer: { namespace: "postgres", podPort: 5432 },
};

export const storesOf = {
    metricsStore: {
        pushUrl: "http://metrics/push",
        queryUrl: "http://metrics/prometheus",
        tenant: "team",
        peer: { namespace: "cortex", podPort: 8080 },
    },
    logStore: { queryUrl: "http://logs", tenant: "team", peer: { namespace: "loki", podPort: 8080 } },
    traceStore: {
        queryUrl: "http://traces",
        tenant: "team",
        multitenancy: false,
        query: { namespace: "tempo", podPort: 3200 },
    },
    tenants: [],
    database,
};

/** Values of a shape's defaults; Grafana has PostgreSQL wherever something need survive. */
export function valuesOf(
    survives: Survives,
    { generation = 1, ...platform }: Partial<PlatformSettings> & { generation?: number } = {},
) {
    return buildKubePrometheusStackValues({
        ...storesOf,
        platform: platformOf(survives, platform),
        settings: kubePrometheusStackDefaults(survives),
        database: survives === "nothing" ? undefined : { ...database, generation },
    });
}
