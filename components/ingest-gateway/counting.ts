import type * as k8s from "@pulumi/kubernetes";
import { restrictedContainer } from "../kubernetes/pod-security";
import { PATIENT } from "../kubernetes/probes";
import { resources } from "../kubernetes/resources";
import { signalsOf, type ClusterSettings } from "./client-settings";
import { CLUSTERS_PORT, EXPORTER_PORT, SYSLOG_PORT } from "./names";

/**
 * What the gateway counts of each client. nginx itself counts connections and no answers, so it writes a line for each push
 * to an exporter beside it, the one that Loki's gateway has too.
 */
export const METRICS = {
    /** Pushes by client, signal and the status that the client got. */
    pushes: "ingest_gateway_pushes_total",
    /** Their bytes, as they came: compressed, with their headers. */
    bytes: "ingest_gateway_push_bytes_total",
    /** 1 for each signal that a cluster is to send. */
    expected: "ingest_gateway_cluster_sends",
} as const;

const EXPORTER_IMAGE = { registry: "ghcr.io", path: "jkroepke/access-log-exporter:0.4.11" } as const;

const PRESET = "pushes";
/** Names of files among the gateway's configuration. */
const EXPORTER_FILE = "exporter.yaml";
const CLUSTERS_FILE = "clusters.prom";

/** Fields of a line, in their order. The exporter passes over a line whose first is empty: whoever is in no list. */
const FIELDS = ["$push_client", "$push_signal", "$status", "$request_length"] as const;

/** For the section `http`: what a line holds, and the signal of a path. */
export function countedLines(signals: Readonly<Record<string, string>>): string {
    const lines = Object.entries(signals).map(([path, signal]) => `        "${path}" "${signal}";`);
    return `    map $uri $push_signal {
${lines.join("\n")}
    }
    log_format counted '${FIELDS.join("\\t")}';
`;
}

/** For the section `server`: a line for each push, and none for what is no push. */
export const COUNT = `access_log syslog:server=127.0.0.1:${SYSLOG_PORT},nohostname counted if=$push_signal;`;

/** For the section `http`: a server that hands out which clusters are to send what, as metrics. */
export function clustersServer(listen: string): string {
    return `
    server {
        ${listen}
        access_log off;

        location = /metrics {
            default_type "text/plain; version=0.0.4";
            alias /etc/nginx/${CLUSTERS_FILE};
        }

        location / {
            return 404;
        }
    }
`;
}

/** Files beside nginx' configuration. */
export function countingFiles(clusters: readonly ClusterSettings[]): Record<string, string> {
    return {
        [EXPORTER_FILE]: JSON.stringify(exporterConfig(), undefined, 2),
        [CLUSTERS_FILE]: expectedSeries(clusters),
    };
}

/** https://github.com/jkroepke/access-log-exporter/blob/v0.4.11/docs/Configuration.md */
function exporterConfig() {
    const labels = ["client", "signal", "status"].map((name, lineIndex) => ({ name, lineIndex }));
    const metrics = [
        { name: METRICS.pushes, type: "counter", help: "Pushes by client, signal and status.", labels },
        {
            name: METRICS.bytes,
            type: "counter",
            help: "Bytes of pushes as they came, with their headers.",
            valueIndex: FIELDS.indexOf("$request_length"),
            labels,
        },
    ];
    return { presets: { [PRESET]: { metrics } } };
}

function expectedSeries(clusters: readonly ClusterSettings[]): string {
    const series = clusters
        .filter(({ revoked }) => revoked !== true)
        .flatMap((cluster) =>
            signalsOf(cluster).map((signal) => `${METRICS.expected}{client="${cluster.name}",signal="${signal}"} 1\n`),
        );
    return `# HELP ${METRICS.expected} Signals that a cluster is to send.\n# TYPE ${METRICS.expected} gauge\n${series.join("")}`;
}

/** The exporter's container. @param files the volume with `countingFiles`. */
export function exporterContainer(registry: string | undefined, files: string): k8s.types.input.core.v1.Container {
    const directory = "/etc/exporter";
    return {
        name: "exporter",
        image: `${registry ?? EXPORTER_IMAGE.registry}/${EXPORTER_IMAGE.path}`,
        args: [
            `--config=${directory}/${EXPORTER_FILE}`,
            `--preset=${PRESET}`,
            `--syslog.listen-address=udp://127.0.0.1:${SYSLOG_PORT}`,
            `--web.listen-address=:${EXPORTER_PORT}`,
        ],
        ports: [{ name: "pushes", containerPort: EXPORTER_PORT }],
        livenessProbe: { httpGet: { path: "/health", port: EXPORTER_PORT }, ...PATIENT, periodSeconds: 10 },
        resources: resources("10m", "32Mi", "64Mi"),
        securityContext: restrictedContainer(),
        volumeMounts: [{ name: files, mountPath: directory, readOnly: true }],
    };
}

/** Tells Prometheus of both: what was pushed, and who is to push. */
export const SCRAPED = { pushes: EXPORTER_PORT, clusters: CLUSTERS_PORT } as const;
