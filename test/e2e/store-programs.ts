import { freePorts } from "./control-plane";
import type { Programs } from "./programs";
import { cortexConfig, local, lokiConfig, tempoConfig, type StorePorts } from "./store-configs";

/** Programs of the platform that are asked, where they are on PATH, beside Prometheus. */
export const STORE_PROGRAMS = ["alertmanager", "minio", "cortex", "loki", "tempo"] as const;
export type StoreProgram = (typeof STORE_PROGRAMS)[number];

/** The tenant in Cortex and Loki. */
export const TENANT = "e2e";
export const TENANT_HEADER = { "X-Scope-OrgID": TENANT };

/** Base addresses of what runs; `otlp` is where Tempo takes spans. */
export type Addresses = Readonly<Partial<Record<StoreProgram | "otlp", string>>> & { readonly prometheus: string };

/**
 * Starts the stores that are there and a Prometheus which scrapes them and the exporter, each with the labels that it
 * has in the cluster, and writes to the exporter and to Cortex.
 */
export async function startStores(
    programs: Programs,
    here: ReadonlySet<StoreProgram>,
    exporterPort: number,
): Promise<Addresses> {
    const ports = new Map<StoreProgram | "otlp", number>();
    const [port = 0] = await freePorts(1);
    for (const store of STORE_PROGRAMS.filter((program) => here.has(program))) {
        const [http = 0, grpc = 0, otlp = 0] = await freePorts(3);
        await START[store](programs, { http, grpc, otlp, prometheus: port });
        ports.set(store, http);
        if (store === "tempo") ports.set("otlp", otlp);
    }
    const config = programs.file("prometheus.yaml", prometheusConfig(programs, port, exporterPort, ports));
    await programs.start(
        "prometheus",
        [
            `--config.file=${config}`,
            `--storage.tsdb.path=${programs.data("prometheus")}`,
            `--web.listen-address=127.0.0.1:${port}`,
            "--web.enable-remote-write-receiver",
        ],
        `${local(port)}/-/ready`,
    );
    return { ...Object.fromEntries([...ports].map(([name, each]) => [name, local(each)])), prometheus: local(port) };
}

const START: Record<StoreProgram, (programs: Programs, ports: StorePorts) => Promise<unknown>> = {
    alertmanager: (programs, { http, grpc: gossip }) =>
        programs.start(
            "alertmanager",
            [
                `--config.file=${programs.file("alertmanager.yaml", { route: { receiver: "none" }, receivers: [{ name: "none" }] })}`,
                `--storage.path=${programs.data("alertmanager")}`,
                `--web.listen-address=127.0.0.1:${http}`,
                `--cluster.listen-address=127.0.0.1:${gossip}`,
            ],
            `${local(http)}/-/ready`,
        ),
    minio: async (programs, { http }) => {
        const drives = [1, 2, 3, 4].map((drive) => programs.data(`drive${drive}`));
        await programs.start(
            "minio",
            ["server", "--quiet", "--address", `127.0.0.1:${http}`, ...drives],
            `${local(http)}/minio/health/ready`,
            { MINIO_PROMETHEUS_AUTH_TYPE: "public", MINIO_UPDATE: "off", MINIO_CI_CD: "1" },
        );
        // Refused, and so counted: requests have series from the first one on.
        await fetch(`${local(http)}/bucket/object`);
    },
    cortex: (programs, ports) =>
        programs.start(
            "cortex",
            [`-config.file=${programs.file("cortex.yaml", cortexConfig(programs, ports))}`],
            `${local(ports.http)}/ready`,
        ),
    loki: (programs, ports) =>
        programs.start(
            "loki",
            [`-config.file=${programs.file("loki.yaml", lokiConfig(programs, ports))}`],
            `${local(ports.http)}/ready`,
        ),
    tempo: (programs, ports) =>
        programs.start(
            "tempo",
            [`-config.file=${programs.file("tempo.yaml", tempoConfig(programs, ports))}`],
            `${local(ports.http)}/ready`,
        ),
};

function prometheusConfig(
    programs: Programs,
    own: number,
    exporterPort: number,
    ports: ReadonlyMap<string, number>,
): Record<string, unknown> {
    const job = (port: number | undefined, labels: Record<string, string>, metrics_path = "/metrics") =>
        port === undefined
            ? []
            : [
                  {
                      job_name: `${port}${metrics_path}`,
                      honor_labels: true,
                      metrics_path,
                      static_configs: [{ targets: [`127.0.0.1:${port}`], labels: { cluster: "e2e", ...labels } }],
                  },
              ];
    const pod = (namespace: string) => ({ namespace, pod: `${namespace}-0` });
    const cortex = ports.get("cortex");
    return {
        global: {
            scrape_interval: "1s",
            evaluation_interval: "1s",
            // As the platform's own Prometheus.
            scrape_native_histograms: true,
            always_scrape_classic_histograms: true,
        },
        rule_files: [programs.file("rules.yaml", rules)],
        remote_write: [
            { url: `${local(exporterPort)}/` },
            ...(cortex === undefined
                ? []
                : [{ url: `${local(cortex)}/api/v1/push`, headers: TENANT_HEADER, send_native_histograms: true }]),
        ],
        scrape_configs: [
            ...job(exporterPort, {}),
            ...job(own, pod("monitoring")),
            ...job(ports.get("alertmanager"), pod("monitoring")),
            ...job(ports.get("minio"), pod("minio"), "/minio/v2/metrics/node"),
            ...job(ports.get("minio"), { namespace: "minio" }, "/minio/v2/metrics/cluster"),
            ...job(cortex, pod("cortex")),
            ...job(ports.get("loki"), pod("loki")),
            ...job(ports.get("tempo"), pod("tempo")),
        ],
    };
}

const alwaysFiring = (alert: string, severity: string) => ({
    alert,
    expr: "vector(1)",
    labels: { severity, cluster: "e2e", namespace: "e2e" },
});

/** One rule for each kind of alert that queries ask for. */
const rules = {
    groups: [
        {
            name: "e2e",
            rules: [
                alwaysFiring("Watchdog", "none"),
                alwaysFiring("Example", "critical"),
                alwaysFiring("Other", "warning"),
            ],
        },
    ],
};
