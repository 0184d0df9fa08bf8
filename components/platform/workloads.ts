import { blackboxExporterWorkloads } from "../collectors/blackbox-exporter/workloads";
import { k8sMonitoringWorkloads } from "../collectors/k8s-monitoring/workloads";
import { pushgatewayWorkloads } from "../collectors/pushgateway/workloads";
import { postgresWorkloads } from "../database/postgres/workloads";
import { grafanaWorkloads } from "../grafana/workloads";
import { ingestGatewayWorkloads } from "../ingest-gateway/workloads";
import type { Workload } from "../kubernetes/workload";
import { lokiWorkloads } from "../logs/loki/workloads";
import { cortexWorkloads } from "../metrics/cortex/workloads";
import { exporterWorkloads, kubePrometheusStackWorkloads } from "../monitoring/kube-prometheus-stack/workloads";
import { minioWorkloads } from "../object-store/minio/workloads";
import { tempoWorkloads } from "../traces/tempo/workloads";

/** Every workload of every system, chosen in a stack or not: policies judge other people's stacks as well. */
export const WORKLOADS: readonly Workload[] = [
    ...minioWorkloads,
    ...postgresWorkloads,
    ...cortexWorkloads,
    ...lokiWorkloads,
    ...tempoWorkloads,
    ...kubePrometheusStackWorkloads,
    ...grafanaWorkloads,
    ...exporterWorkloads,
    ...k8sMonitoringWorkloads,
    ...blackboxExporterWorkloads,
    ...pushgatewayWorkloads,
    ...ingestGatewayWorkloads,
];
