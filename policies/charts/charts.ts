import { CLUSTER_CHART } from "../release";
import type { ChartRules } from "./chart-rules";
import { cortex } from "./cortex";
import { k8sMonitoring } from "./k8s-monitoring";
import { kubePrometheusStack } from "./kube-prometheus-stack";
import { loki } from "./loki";
import { minio } from "./minio";
import { opensearch, vector } from "./opensearch";
import { postgresCluster } from "./postgres";
import { pushgateway } from "./pushgateway";
import { signoz } from "./signoz";
import { tempo, tempoDistributed } from "./tempo";
import { victoriaMetricsCluster, victoriaMetricsSingle } from "./victoriametrics";
import { thanos } from "./thanos";

/** What rules know of each chart. */
export const CHART_RULES: Readonly<Record<string, ChartRules>> = {
    minio,
    cortex,
    "victoria-metrics-cluster": victoriaMetricsCluster,
    "victoria-metrics-single": victoriaMetricsSingle,
    thanos,
    loki,
    opensearch,
    vector,
    "tempo-distributed": tempoDistributed,
    tempo,
    "kube-prometheus-stack": kubePrometheusStack,
    "prometheus-pushgateway": pushgateway,
    "k8s-monitoring": k8sMonitoring,
    signoz,
    [CLUSTER_CHART]: postgresCluster,
};

/** What rules know of a chart; nothing of one that is not named here. */
export function rulesOf(chart: string): ChartRules {
    return CHART_RULES[chart] ?? {};
}
