import { blackboxExporterChart } from "../../components/collectors/blackbox-exporter/chart";
import type { ChartPin } from "../../components/kubernetes/chart-release";
import { cortexChart } from "../../components/metrics/cortex/chart";
import { k8sMonitoringChart } from "../../components/collectors/k8s-monitoring/chart";
import {
    kubePrometheusStackChart,
    prometheusOperatorCrdsChart,
} from "../../components/monitoring/kube-prometheus-stack/chart";
import { lokiChart } from "../../components/logs/loki/chart";
import { minioChart } from "../../components/object-store/minio/chart";
import { barmanCloudChart, cloudnativePgChart } from "../../components/database/postgres/chart";
import { pushgatewayChart } from "../../components/collectors/pushgateway/chart";
import { tempoDistributedChart, tempoSingleChart } from "../../components/traces/tempo/chart";

/** A pinned chart and the file that its types go to, from the project's root. */
export interface TypedChart {
    readonly pin: ChartPin;
    readonly output: string;
}

export const CHARTS: readonly TypedChart[] = [
    { pin: blackboxExporterChart, output: "components/collectors/blackbox-exporter/values.gen.ts" },
    { pin: cortexChart, output: "components/metrics/cortex/values.gen.ts" },
    { pin: k8sMonitoringChart, output: "components/collectors/k8s-monitoring/values.gen.ts" },
    { pin: kubePrometheusStackChart, output: "components/monitoring/kube-prometheus-stack/values.gen.ts" },
    { pin: lokiChart, output: "components/logs/loki/values.gen.ts" },
    { pin: minioChart, output: "components/object-store/minio/values.gen.ts" },
    { pin: cloudnativePgChart, output: "components/database/postgres/values.gen.ts" },
    { pin: barmanCloudChart, output: "components/database/postgres/plugin-values.gen.ts" },
    { pin: pushgatewayChart, output: "components/collectors/pushgateway/values.gen.ts" },
    { pin: tempoDistributedChart, output: "components/traces/tempo/values.gen.ts" },
    { pin: tempoSingleChart, output: "components/traces/tempo/single-values.gen.ts" },
];

/** Every chart that a stack may install: the definitions' has nothing to set, and so no types. */
export const PINS: readonly ChartPin[] = [...CHARTS.map(({ pin }) => pin), prometheusOperatorCrdsChart];
