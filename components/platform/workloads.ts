import { blackboxExporterWorkloads } from "../collectors/blackbox-exporter/workloads";
import { k8sMonitoringWorkloads } from "../collectors/k8s-monitoring/workloads";
import { pushgatewayWorkloads } from "../collectors/pushgateway/workloads";
import { grafanaWorkloads } from "../grafana/workloads";
import { egressGatewayWorkloads } from "../egress-gateway/workloads";
import { ingestGatewayWorkloads } from "../ingest-gateway/workloads";
import { ERRORS_INSTANCES } from "../database/postgres/workloads";
import type { Workload } from "../kubernetes/workload";
import { opensearchReplicated } from "../logs/opensearch/workloads";
import { vmObjects } from "../metrics/victoriametrics/workloads";
import {
    exporterWorkloads,
    kubePrometheusStackReplicated,
    kubePrometheusStackWorkloads,
} from "../monitoring/kube-prometheus-stack/workloads";
import { signozWorkloads } from "../signoz/workloads";
import { keepsErrors } from "./buckets";
import { everyKind, sends } from "./roles";
import type { Settings } from "./settings";

/** Every workload of every system, chosen in a stack or not: policies judge other people's stacks as well. */
export const WORKLOADS: readonly Workload[] = [
    ...everyKind.flatMap(({ workloads }) => workloads),
    ...kubePrometheusStackWorkloads,
    ...grafanaWorkloads,
    ...exporterWorkloads,
    ...k8sMonitoringWorkloads,
    ...blackboxExporterWorkloads,
    ...pushgatewayWorkloads,
    ...signozWorkloads,
    ...ingestGatewayWorkloads,
    ...egressGatewayWorkloads,
];

/** Keys of workloads that a stack's settings leave out of a release which they install. */
export function absentWorkloads(settings: Settings): string[] {
    const absent = [
        ...(settings.grafana.enabled ? [] : grafanaWorkloads),
        // What is in another cluster is asked by nobody here.
        ...(sends("metrics", settings) ? [kubePrometheusStackReplicated.ruler] : []),
    ];
    return absent.map(({ key }) => key);
}

/** The same, with those of systems that are there and whose own setting makes none of them. */
export function unmadeWorkloads(settings: Settings): string[] {
    const { logs, metrics, secondMetrics } = settings;
    const withObjects = [metrics, secondMetrics].some((store) => store.kind === "victoriametrics" && store.objects);
    const withoutDashboards = logs.kind === "opensearch" && !logs.dashboards.enabled;
    return [
        ...absentWorkloads(settings),
        ...(keepsErrors(settings) ? [] : [ERRORS_INSTANCES]),
        ...(withoutDashboards ? [opensearchReplicated.dashboards.key] : []),
        ...(withObjects ? [] : Object.values(vmObjects).map(({ key }) => key)),
    ];
}
