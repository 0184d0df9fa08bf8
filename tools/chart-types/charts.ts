import { blackboxExporterChart } from "../../components/blackbox-exporter/chart";
import type { ChartPin } from "../../components/chart-release";
import { cortexChart } from "../../components/cortex/chart";
import { k8sMonitoringChart } from "../../components/k8s-monitoring/chart";
import { kubePrometheusStackChart, prometheusOperatorCrdsChart } from "../../components/kube-prometheus-stack/chart";
import { lokiChart } from "../../components/loki/chart";
import { minioChart } from "../../components/minio/chart";
import { barmanCloudChart, cloudnativePgChart } from "../../components/postgres/chart";
import { pushgatewayChart } from "../../components/pushgateway/chart";
import { tempoDistributedChart, tempoSingleChart } from "../../components/tempo/chart";

/** A pinned chart and the file that its types go to, from the project's root. */
export interface TypedChart {
    readonly pin: ChartPin;
    readonly output: string;
}

export const CHARTS: readonly TypedChart[] = [
    { pin: blackboxExporterChart, output: "components/blackbox-exporter/values.gen.ts" },
    { pin: cortexChart, output: "components/cortex/values.gen.ts" },
    { pin: k8sMonitoringChart, output: "components/k8s-monitoring/values.gen.ts" },
    { pin: kubePrometheusStackChart, output: "components/kube-prometheus-stack/values.gen.ts" },
    { pin: lokiChart, output: "components/loki/values.gen.ts" },
    { pin: minioChart, output: "components/minio/values.gen.ts" },
    { pin: cloudnativePgChart, output: "components/postgres/values.gen.ts" },
    { pin: barmanCloudChart, output: "components/postgres/plugin.values.gen.ts" },
    { pin: pushgatewayChart, output: "components/pushgateway/values.gen.ts" },
    { pin: tempoDistributedChart, output: "components/tempo/values.gen.ts" },
    { pin: tempoSingleChart, output: "components/tempo/single.values.gen.ts" },
];

/** Every chart that a stack may install: the definitions' has nothing to set, and so no types. */
export const PINS: readonly ChartPin[] = [...CHARTS.map(({ pin }) => pin), prometheusOperatorCrdsChart];
