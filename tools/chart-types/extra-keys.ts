/** What a chart's defaults do not show of its values. Paths are written with "/", since keys may have dots. */
export interface Knowledge {
    /** Keys that the templates read though the defaults leave them out, each with its TypeScript type. */
    readonly extra: Readonly<Record<string, string>>;
    /** Maps that the templates hand on whole, or whose keys are names that the user chooses. */
    readonly open: readonly string[];
}

const OBJECT = "Record<string, unknown>";

/** Tempo's workloads share one pod template, which reads more than the defaults of each show. */
const TEMPO_POD: Readonly<Record<string, string>> = {
    containerSecurityContext: OBJECT,
    lifecycle: OBJECT,
    podSecurityContext: OBJECT,
    topologySpreadConstraints: "string",
};

const TEMPO_WORKLOADS = ["compactor", "distributor", "ingester", "metricsGenerator", "querier", "queryFrontend"];

const KNOWLEDGE: Readonly<Record<string, Knowledge>> = {
    cortex: { extra: {}, open: ["config"] },
    "prometheus-blackbox-exporter": { extra: {}, open: ["config"] },
    "kube-prometheus-stack": {
        // A text, since Helm writes a million as 1e+06, which is no integer to the API server.
        extra: { "prometheus/prometheusSpec/enforcedSampleLimit": "string" },
        open: [
            "alertmanager/config",
            "grafana/grafana.ini",
            "prometheus-node-exporter/prometheus/monitor/attachMetadata",
            "prometheus/prometheusSpec/thanos",
            "prometheus/prometheusSpec/tsdb",
        ],
    },
    tempo: { extra: {}, open: ["tempo/receivers", "tempo/server", "tempo/storage/trace", "tempo/overrides/defaults"] },
    "tempo-distributed": {
        extra: Object.fromEntries(
            TEMPO_WORKLOADS.flatMap((workload) =>
                Object.entries(TEMPO_POD).map(([key, type]) => [`${workload}/${key}`, type] as const),
            ),
        ),
        open: [
            "cache",
            "metricsGenerator/config/processor",
            "metricsGenerator/config/registry",
            "metricsGenerator/config/storage",
            "metricsGenerator/config/traces_storage",
            "overrides",
        ],
    },
};

export function knowledgeOf(chart: string): Knowledge {
    return KNOWLEDGE[chart] ?? { extra: {}, open: [] };
}
