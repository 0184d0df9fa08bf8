import { blackboxExporterWorkloads } from "../collectors/blackbox-exporter/workloads";
import { k8sMonitoringWorkloads } from "../collectors/k8s-monitoring/workloads";
import { pushgatewayWorkloads } from "../collectors/pushgateway/workloads";
import { grafanaWorkloads } from "../grafana/workloads";
import { egressGatewayWorkloads } from "../egress-gateway/workloads";
import { ingestGatewayWorkloads } from "../ingest-gateway/workloads";
import type { Workload } from "../kubernetes/workload";
import { exporterWorkloads, kubePrometheusStackWorkloads } from "../monitoring/kube-prometheus-stack/workloads";
import { everyKind } from "./roles";

/** Every workload of every system, chosen in a stack or not: policies judge other people's stacks as well. */
export const WORKLOADS: readonly Workload[] = [
    ...everyKind.flatMap(({ workloads }) => workloads),
    ...kubePrometheusStackWorkloads,
    ...grafanaWorkloads,
    ...exporterWorkloads,
    ...k8sMonitoringWorkloads,
    ...blackboxExporterWorkloads,
    ...pushgatewayWorkloads,
    ...ingestGatewayWorkloads,
    ...egressGatewayWorkloads,
];
