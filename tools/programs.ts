import { blackboxExporterChart } from "../components/collectors/blackbox-exporter/chart";
import { k8sMonitoringChart } from "../components/collectors/k8s-monitoring/chart";
import { pushgatewayChart } from "../components/collectors/pushgateway/chart";
import { barmanCloudChart, cloudnativePgChart } from "../components/database/postgres/chart";
import type { ChartPin } from "../components/kubernetes/chart-release";
import { lokiChart } from "../components/logs/loki/chart";
import { cortexChart } from "../components/metrics/cortex/chart";
import { kubePrometheusStackChart } from "../components/monitoring/kube-prometheus-stack/chart";
import { minioChart } from "../components/object-store/minio/chart";
import { tempoDistributedChart, tempoSingleChart, tempoVersion } from "../components/traces/tempo/chart";

/** A program that the platform runs and whose sources are read here: for its configuration's keys, its metrics' names. */
export interface Program {
    /** Its Go module. */
    readonly module: string;
    /** As the pin writes it, with or without Go's leading v. */
    readonly version: string;
    /** Names of the charts that bring it. */
    readonly charts: readonly string[];
}

/** A program whose version is the chart's app version, and so moves with the pin. */
function ofChart(module: string, { name, appVersion }: ChartPin): Program {
    return { module, version: appVersion, charts: [name] };
}

/** A program whose version is chosen among the chart's values, where a person looks it up. */
function within(module: string, version: string, ...charts: ChartPin[]): Program {
    return { module, version, charts: charts.map(({ name }) => name) };
}

const STACK = kubePrometheusStackChart;

export const PROGRAMS = {
    cortex: ofChart("github.com/cortexproject/cortex", cortexChart),
    loki: ofChart("github.com/grafana/loki/v3", lokiChart),
    tempo: within("github.com/grafana/tempo", tempoVersion, tempoDistributedChart, tempoSingleChart),
    prometheus: within("github.com/prometheus/prometheus", "v0.314.0", STACK),
    alertmanager: within("github.com/prometheus/alertmanager", "v0.34.0", STACK),
    "prometheus-operator": ofChart("github.com/prometheus-operator/prometheus-operator", STACK),
    "kube-state-metrics": within("k8s.io/kube-state-metrics/v2", "v2.20.0", STACK),
    "node-exporter": within("github.com/prometheus/node_exporter", "v1.12.1", STACK),
    kubelet: within("k8s.io/kubernetes", "v1.35.4"),
    "cloudnative-pg": ofChart("github.com/cloudnative-pg/cloudnative-pg", cloudnativePgChart),
    "barman-cloud": ofChart("github.com/cloudnative-pg/plugin-barman-cloud", barmanCloudChart),
    minio: within("github.com/minio/minio", "v0.0.0-20260212201848-7aac2a2c5b7c", minioChart),
    alloy: ofChart("github.com/grafana/alloy", k8sMonitoringChart),
    "memcached-exporter": within("github.com/prometheus/memcached_exporter", "v0.16.0", cortexChart, lokiChart),
    "blackbox-exporter": ofChart("github.com/prometheus/blackbox_exporter", blackboxExporterChart),
    pushgateway: ofChart("github.com/prometheus/pushgateway", pushgatewayChart),
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;

/** Programs of whose configuration `verify` knows the keys: tables of `npm run config-keys`. */
export const CONFIGURED = ["alertmanager", "alloy", "cortex", "loki", "tempo"] as const satisfies ProgramName[];

export type ConfiguredProgram = (typeof CONFIGURED)[number];

/** Where a program's source is, as Go names it: `MODULE@VERSION`. */
export function sourceOf({ module, version }: Pick<Program, "module" | "version">): string {
    return `${module}@${version.replace(/^v?/, "v")}`;
}
