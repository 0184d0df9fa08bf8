import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PROMETHEUS } from "../../components/monitoring/kube-prometheus-stack/names";
import { freePorts } from "./ports";
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

type Http = Pick<StorePorts, "http">;
type HttpAndGrpc = Pick<StorePorts, "http" | "grpc">;

/** An Alertmanager that notifies nobody; its address. */
export async function startAlertmanager(programs: Programs, { http, grpc: gossip }: HttpAndGrpc): Promise<string> {
    await programs.start(
        "alertmanager",
        [
            `--config.file=${programs.file("alertmanager.yaml", { route: { receiver: "none" }, receivers: [{ name: "none" }] })}`,
            `--storage.path=${programs.data("alertmanager")}`,
            `--web.listen-address=127.0.0.1:${http}`,
            `--cluster.listen-address=127.0.0.1:${gossip}`,
        ],
        `${local(http)}/-/ready`,
    );
    return local(http);
}

/** A MinIO with four drives and these buckets; how Loki's S3 client finds it. */
export async function startMinio(programs: Programs, { http }: Http, buckets: readonly string[] = []) {
    const drives = [1, 2, 3, 4].map((drive) => programs.data(`drive${drive}`));
    // A folder on every drive is a bucket.
    for (const drive of drives) for (const bucket of buckets) mkdirSync(join(drive, bucket));
    const [user, password] = ["e2e-user", "e2e-password"];
    await programs.start(
        "minio",
        ["server", "--quiet", "--address", `127.0.0.1:${http}`, ...drives],
        `${local(http)}/minio/health/ready`,
        {
            MINIO_PROMETHEUS_AUTH_TYPE: "public",
            MINIO_UPDATE: "off",
            MINIO_CI_CD: "1",
            MINIO_ROOT_USER: user,
            MINIO_ROOT_PASSWORD: password,
        },
    );
    return {
        endpoint: local(http),
        insecure: true,
        region: "us-east-1",
        s3forcepathstyle: true,
        access_key_id: user,
        secret_access_key: password,
    };
}

/** Loki in one process; its address. */
export async function startLoki(
    programs: Programs,
    ports: HttpAndGrpc,
    ruler: Record<string, unknown> = {},
): Promise<string> {
    const config = programs.file("loki.yaml", { ...lokiConfig(programs, ports), ruler });
    await programs.start("loki", [`-config.file=${config}`], `${local(ports.http)}/ready`);
    return local(ports.http);
}

const START: Record<StoreProgram, (programs: Programs, ports: StorePorts) => Promise<unknown>> = {
    alertmanager: startAlertmanager,
    minio: async (programs, ports) => {
        await startMinio(programs, ports);
        // Refused, and so counted: requests have series from the first one on.
        await fetch(`${local(ports.http)}/bucket/object`);
    },
    cortex: (programs, ports) =>
        programs.start(
            "cortex",
            [`-config.file=${programs.file("cortex.yaml", cortexConfig(programs, ports))}`],
            `${local(ports.http)}/ready`,
        ),
    loki: (programs, ports) => startLoki(programs, ports),
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
            ...job(own, { ...pod("monitoring"), job: PROMETHEUS }),
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
