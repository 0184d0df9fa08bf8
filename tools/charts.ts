import { blackboxExporterChart } from "../components/collectors/blackbox-exporter/chart";
import { k8sMonitoringChart } from "../components/collectors/k8s-monitoring/chart";
import { pushgatewayChart } from "../components/collectors/pushgateway/chart";
import type { ChartPin, RoomChart } from "../components/kubernetes/chart-release";
import {
    kubePrometheusStackChart,
    prometheusOperatorCrdsChart,
} from "../components/monitoring/kube-prometheus-stack/chart";
import { ROLES } from "../components/platform/roles";
import type { RoleKind } from "../components/settings/slice";
import { signozChart } from "../components/signoz/chart";

/** A chart that a stack may install. */
export interface PinnedChart extends RoomChart {
    /** The system's folder: its `chart.ts` holds the pin, its README what to know when moving it. */
    readonly folder: string;
    /** Files of `tools/verify/operators` that model what an operator of this chart makes. */
    readonly models: readonly string[];
}

/** Those models, by chart. */
const MODELS: Readonly<Record<string, readonly string[]>> = {
    "k8s-monitoring": ["alloy.ts", "alloy-around.ts"],
    "kube-prometheus-stack": ["prometheus-operator.ts"],
    "cloudnative-pg": ["cloudnative-pg.ts"],
    "plugin-barman-cloud": ["barman-cloud.ts"],
    "victoria-metrics-operator": ["victoria-metrics-operator.ts"],
};

function charts(room: string, ...all: readonly RoomChart[]): PinnedChart[] {
    return all.map((each) => ({ ...each, folder: `components/${room}`, models: MODELS[each.pin.name] ?? [] }));
}

/** A role's folder: `objectStore` is `object-store`. */
const folderOf = (role: string) => role.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Every chart: what is generated from charts, rendered of them, listed for mirrors and moved by `npm run bump`. */
export const CHARTS: readonly PinnedChart[] = [
    ...Object.entries<readonly RoleKind[]>(ROLES).flatMap(([role, kinds]) =>
        kinds.flatMap((kind) => charts(`${folderOf(role)}/${kind.kind}`, ...kind.charts)),
    ),
    ...charts(
        "monitoring/kube-prometheus-stack",
        { pin: kubePrometheusStackChart, types: "values.gen.ts" },
        { pin: prometheusOperatorCrdsChart, types: undefined },
    ),
    ...charts("collectors/k8s-monitoring", { pin: k8sMonitoringChart, types: "values.gen.ts" }),
    ...charts("collectors/blackbox-exporter", { pin: blackboxExporterChart, types: "values.gen.ts" }),
    ...charts("collectors/pushgateway", { pin: pushgatewayChart, types: "values.gen.ts" }),
    ...charts("signoz", { pin: signozChart, types: "values.gen.ts" }),
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
    // The programs beside a server have its chart's version, whichever of both charts that is.
    {
        charts: ["victoria-metrics-cluster", "victoria-metrics-single"],
        oneProgram: true,
        below: undefined,
        image: undefined,
    },
    // Tempo 3 is another architecture: a second release, not an update. Patches of one chart come before the other's.
    { charts: ["tempo-distributed", "tempo"], oneProgram: false, below: "3.0.0", image: "tempoVersion" },
];
