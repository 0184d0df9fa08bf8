import { blackboxExporterChart } from "../components/collectors/blackbox-exporter/chart";
import { k8sMonitoringChart } from "../components/collectors/k8s-monitoring/chart";
import { pushgatewayChart } from "../components/collectors/pushgateway/chart";
import { barmanCloudChart, cloudnativePgChart } from "../components/database/postgres/chart";
import type { ChartPin } from "../components/kubernetes/chart-release";
import { lokiChart } from "../components/logs/loki/chart";
import { cortexChart } from "../components/metrics/cortex/chart";
import {
    kubePrometheusStackChart,
    prometheusOperatorCrdsChart,
} from "../components/monitoring/kube-prometheus-stack/chart";
import { minioChart } from "../components/object-store/minio/chart";
import { tempoDistributedChart, tempoSingleChart } from "../components/traces/tempo/chart";

/** A chart that a stack may install. */
export interface PinnedChart {
    readonly pin: ChartPin;
    /** The system's folder: its `chart.ts` holds the pin, its README what to know when moving it. */
    readonly folder: string;
    /** File of the folder that `npm run chart-types` writes; undefined where the chart has nothing to set. */
    readonly types: string | undefined;
    /** Files of `tools/verify/operators` that model what an operator of this chart makes. */
    readonly models: readonly string[];
}

function charts(folder: string, ...all: (Omit<PinnedChart, "folder" | "models"> & Partial<PinnedChart>)[]) {
    return all.map((each): PinnedChart => ({ models: [], ...each, folder: `components/${folder}` }));
}

/** Every chart: what is generated from charts, rendered of them, listed for mirrors and moved by `npm run bump`. */
export const CHARTS: readonly PinnedChart[] = [
    ...charts("collectors/blackbox-exporter", { pin: blackboxExporterChart, types: "values.gen.ts" }),
    ...charts("metrics/cortex", { pin: cortexChart, types: "values.gen.ts" }),
    ...charts("collectors/k8s-monitoring", {
        pin: k8sMonitoringChart,
        types: "values.gen.ts",
        models: ["alloy.ts", "alloy-around.ts"],
    }),
    ...charts(
        "monitoring/kube-prometheus-stack",
        { pin: kubePrometheusStackChart, types: "values.gen.ts", models: ["prometheus-operator.ts"] },
        { pin: prometheusOperatorCrdsChart, types: undefined },
    ),
    ...charts("logs/loki", { pin: lokiChart, types: "values.gen.ts" }),
    ...charts("object-store/minio", { pin: minioChart, types: "values.gen.ts" }),
    ...charts(
        "database/postgres",
        { pin: cloudnativePgChart, types: "values.gen.ts", models: ["cloudnative-pg.ts"] },
        { pin: barmanCloudChart, types: "plugin-values.gen.ts", models: ["barman-cloud.ts"] },
    ),
    ...charts("collectors/pushgateway", { pin: pushgatewayChart, types: "values.gen.ts" }),
    ...charts(
        "traces/tempo",
        { pin: tempoDistributedChart, types: "values.gen.ts" },
        { pin: tempoSingleChart, types: "single-values.gen.ts" },
    ),
];

export const PINS: readonly ChartPin[] = CHARTS.map(({ pin }) => pin);

/** Charts with values, each with the file of their types from the project's root. */
export const TYPED_CHARTS = CHARTS.flatMap(({ pin, folder, types }) =>
    types === undefined ? [] : [{ pin, output: `${folder}/${types}` }],
);

/** Charts that move together, by name. */
export interface ChartGroup {
    readonly charts: readonly string[];
    /** They have to be of one version of the program. */
    readonly oneProgram: boolean;
    /** First version that is not taken. */
    readonly below: string | undefined;
    /** Constant beside the pins with the version of the program's image, which may be newer than the charts. */
    readonly image: string | undefined;
}

export const GROUPS: readonly ChartGroup[] = [
    // An operator refuses resources that are newer than the definitions that it was written for.
    {
        charts: ["kube-prometheus-stack", "prometheus-operator-crds"],
        oneProgram: true,
        below: undefined,
        image: undefined,
    },
    // Tempo 3 is another architecture: a second release, not an update. Patches of one chart come before the other's.
    { charts: ["tempo-distributed", "tempo"], oneProgram: false, below: "3.0.0", image: "tempoVersion" },
];
