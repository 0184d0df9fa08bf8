import { blackboxExporterChart } from "../components/collectors/blackbox-exporter/chart";
import { k8sMonitoringChart } from "../components/collectors/k8s-monitoring/chart";
import { pushgatewayChart } from "../components/collectors/pushgateway/chart";
import { barmanCloudChart, cloudnativePgChart } from "../components/database/postgres/chart";
import type { ChartPin } from "../components/kubernetes/chart-release";
import { glitchtipImage } from "../components/errors/glitchtip/image";
import { lokiChart } from "../components/logs/loki/chart";
import { exporterChart } from "../components/logs/opensearch/chart";
import { cortexChart } from "../components/metrics/cortex/chart";
import { thanosChart } from "../components/metrics/thanos/chart";
import { vmClusterChart, vmOperatorChart, vmSingleChart } from "../components/metrics/victoriametrics/chart";
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
    /** Where its configuration is declared; absent where `verify` does not look into it. */
    readonly config?: Configuration;
    /** Where its flags are declared; absent where `verify` does not look at its arguments. */
    readonly flags?: Flags;
}

/** Of whose flags `npm run config-keys` makes a table. */
export interface Flags {
    /** The table's file. */
    readonly table: string;
    /** Folders below the program's module. */
    readonly folders: readonly string[];
}

/** Of whose keys `npm run config-keys` makes a table. */
export interface Configuration {
    /** The table's file: in the room whose settings are checked by it too. */
    readonly table: string;
    /** Type that the program reads its configuration into; absent for Alloy, whose components register one each. */
    readonly root?: Declared;
    /** Type of what it reads again while it runs. */
    readonly runtime?: Declared;
}

/** A type in Go's sources. */
export interface Declared {
    /** Package below the program's module. */
    readonly path: string;
    readonly type: string;
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

/** Of VictoriaMetrics, those that are set by arguments here. */
const VM_PROGRAMS = ["vmagent", "vmalert", "vmauth", "vmbackup", "vminsert", "vmselect", "vmstorage"].map(
    (program) => `app/${program}`,
);

export const PROGRAMS = {
    cortex: {
        ...ofChart("github.com/cortexproject/cortex", cortexChart),
        config: {
            table: "components/metrics/cortex/config-keys.gen.json",
            root: { path: "pkg/cortex", type: "Config" },
            runtime: { path: "pkg/util/runtimeconfig", type: "RuntimeConfigValues" },
        },
    },
    loki: {
        ...ofChart("github.com/grafana/loki/v3", lokiChart),
        config: {
            table: "components/logs/loki/config-keys.gen.json",
            root: { path: "pkg/loki", type: "Config" },
            runtime: { path: "pkg/loki", type: "runtimeConfigValues" },
        },
    },
    tempo: {
        ...within("github.com/grafana/tempo", tempoVersion, tempoDistributedChart, tempoSingleChart),
        config: {
            table: "components/traces/tempo/config-keys.gen.json",
            root: { path: "cmd/tempo/app", type: "Config" },
            runtime: { path: "modules/overrides", type: "perTenantOverrides" },
        },
    },
    victoriametrics: {
        // Its programs for several servers stand at a tag of their own.
        ...within(
            "github.com/VictoriaMetrics/VictoriaMetrics",
            `${vmClusterChart.appVersion}-cluster`,
            vmClusterChart,
            vmSingleChart,
        ),
        flags: { table: "components/metrics/victoriametrics/flags.gen.json", folders: [...VM_PROGRAMS, "lib"] },
    },
    "victoriametrics-operator": ofChart("github.com/VictoriaMetrics/operator", vmOperatorChart),
    thanos: {
        ...ofChart("github.com/thanos-io/thanos", thanosChart),
        flags: { table: "components/metrics/thanos/flags.gen.json", folders: ["cmd/thanos", "pkg/extkingpin"] },
    },
    "elasticsearch-exporter": ofChart("github.com/prometheus-community/elasticsearch_exporter", exporterChart),
    prometheus: within("github.com/prometheus/prometheus", "v0.314.0", STACK),
    alertmanager: {
        ...within("github.com/prometheus/alertmanager", "v0.34.0", STACK),
        config: {
            table: "components/monitoring/kube-prometheus-stack/alertmanager-keys.gen.json",
            root: { path: "config", type: "Config" },
        },
    },
    "prometheus-operator": ofChart("github.com/prometheus-operator/prometheus-operator", STACK),
    "kube-state-metrics": within("k8s.io/kube-state-metrics/v2", "v2.20.0", STACK),
    "node-exporter": within("github.com/prometheus/node_exporter", "v1.12.1", STACK),
    kubelet: within("k8s.io/kubernetes", "v1.35.4"),
    "cloudnative-pg": ofChart("github.com/cloudnative-pg/cloudnative-pg", cloudnativePgChart),
    "barman-cloud": ofChart("github.com/cloudnative-pg/plugin-barman-cloud", barmanCloudChart),
    minio: within("github.com/minio/minio", "v0.0.0-20260212201848-7aac2a2c5b7c", minioChart),
    alloy: {
        ...ofChart("github.com/grafana/alloy", k8sMonitoringChart),
        config: { table: "tools/verify/configs/keys/alloy.gen.json" },
    },
    "memcached-exporter": within("github.com/prometheus/memcached_exporter", "v0.16.0", cortexChart, lokiChart),
    "blackbox-exporter": ofChart("github.com/prometheus/blackbox_exporter", blackboxExporterChart),
    "access-log-exporter": within("github.com/jkroepke/access-log-exporter", "0.4.11", lokiChart),
    // No Go module: its queue's metrics are written down by hand.
    glitchtip: within("gitlab.com/glitchtip/glitchtip-backend", `v${glitchtipImage.path.split(":")[1] ?? ""}`),
    pushgateway: ofChart("github.com/prometheus/pushgateway", pushgatewayChart),
} as const satisfies Record<string, Program>;

export type ProgramName = keyof typeof PROGRAMS;

/** A program of whose configuration `verify` knows the keys. */
export type Configured = Program & { readonly config: Configuration };

/** Those programs, by name. */
export const CONFIGURED: ReadonlyMap<string, Configured> = new Map(
    Object.entries<Program>(PROGRAMS).flatMap(([name, { config, ...rest }]) =>
        config === undefined ? [] : [[name, { ...rest, config }] as const],
    ),
);

/** A program of whose arguments `verify` knows the names. */
export type Flagged = Program & { readonly flags: Flags };

/** Those programs, by name. */
export const FLAGGED: ReadonlyMap<string, Flagged> = new Map(
    Object.entries<Program>(PROGRAMS).flatMap(([name, { flags, ...rest }]) =>
        flags === undefined ? [] : [[name, { ...rest, flags }] as const],
    ),
);

/** Where a program's source is, as Go names it: `MODULE@VERSION`. */
export function sourceOf({ module, version }: Pick<Program, "module" | "version">): string {
    return `${module}@${version.replace(/^v?/, "v")}`;
}
