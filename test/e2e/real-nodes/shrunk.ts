import { WORKLOADS } from "../../../components/platform/workloads";
import type { Shape } from "./deployment";

/** Four, since MinIO has a server on each: with fewer none may be lost. */
export const NODES = 4;

/** What all pods together may ask for: a machine of 16 GiB has room for them and for what makes the nodes. */
export const FITS = { cpu: 2, memory: 12 * 2 ** 30 };

/** What a pod asks for here; its limits are prod's. */
const REQUESTS = { cpu: "5m", memory: "48Mi" };

/** Of what keeps more in memory without any load, as measured (docs/reference/footprint.md). */
const MEMORY: Readonly<Record<string, string>> = {
    "minio.servers": "128Mi",
    "cortex.distributor": "320Mi",
    "cortex.ingester": "320Mi",
    "loki.ingester": "128Mi",
    "tempo.distributor": "64Mi",
    "tempo.ingester": "96Mi",
    "tempo.metrics-generator": "96Mi",
    "kube-prometheus-stack.prometheus": "384Mi",
};

/** Charts of prod's kinds. */
const CHARTS = new Set([
    ...["minio", "cloudnative-pg", "cortex", "loki", "tempo-distributed"],
    ...["kube-prometheus-stack", "k8s-monitoring", "prometheus-blackbox-exporter"],
]);

/** Workloads that prod has not, though its charts do. */
const ABSENT = new Set(["loki.single-binary", "k8s-monitoring.collectors", "k8s-monitoring.sampler"]);

/**
 * prod as its file says, surviving a node, with every replica that it has and nothing but sizes made small: requests, caches
 * and volumes. These are settings, which a user has too.
 */
export function shrunk(): Shape["settings"] {
    const settings: Record<string, Record<string, unknown>> = {
        objectStore: { driveSize: "2Gi" },
        database: { volume: "1Gi" },
        metrics: {
            retention: "30d",
            volumes: { ingester: "2Gi", storeGateway: "1Gi", compactor: "1Gi" },
            caches: { results: "64Mi", index: "64Mi", chunks: "64Mi", metadata: "64Mi" },
        },
        logs: {
            memory: { ingester: "512Mi" },
            volumes: { ingester: "1Gi", indexGateway: "1Gi", compactor: "1Gi", ruler: "1Gi" },
            caches: { chunksMb: 64, resultsMb: 64 },
        },
        traces: { volumes: { ingester: "1Gi", metricsGenerator: "1Gi" } },
        kubePrometheusStack: {
            prometheus: { volume: "2Gi", retentionSize: "1Gi", scrapeInterval: "60s" },
            alertmanager: { volume: "1Gi" },
        },
        k8sMonitoring: { volumes: { queue: "1Gi", metrics: "1Gi" } },
    };
    for (const { key, values, place } of WORKLOADS) {
        if (values === undefined || place === undefined || !CHARTS.has(place.chart) || ABSENT.has(key)) continue;
        const requests = { ...REQUESTS, memory: MEMORY[key] ?? REQUESTS.memory };
        put(settings, `${values}.${place.resources}.requests`.split("."), requests);
    }
    return { survives: "node", queryFrom: "labelled", ...settings };
}

function put(into: Record<string, unknown>, [first = "", ...rest]: readonly string[], value: unknown): void {
    if (rest.length === 0) {
        into[first] = value;
        return;
    }
    into[first] ??= {};
    put(into[first] as Record<string, unknown>, rest, value);
}
