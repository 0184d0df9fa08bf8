import { API_PORT, NAMESPACE, RELEASE } from "./names";

/** Paths of MinIO's metrics: https://min.io/docs/minio/linux/operations/monitoring/collect-minio-metrics-using-prometheus.html */
const METRICS = "/minio/v2/metrics";

/*
 * The chart could make these two, and would then have to wait for their definitions, and every store for the chart.
 */

/** Each server's own metrics. The label `monitoring` is on one of the chart's Services, so that no pod is asked twice. */
export function buildServiceMonitor() {
    return {
        metadata: { name: RELEASE, namespace: NAMESPACE },
        spec: {
            selector: { matchLabels: { app: "minio", release: RELEASE, monitoring: "true" } },
            endpoints: [{ port: "http", path: `${METRICS}/node` }],
        },
    };
}

/** What each server also gives of itself: from here a sum would count it twice. */
const OF_EACH_SERVER = "minio_(s3|inter_node|software)_.*";

/** The metrics of the cluster, which every server gives alike: asked for once, through the Service. */
export function buildClusterProbe() {
    const host = `${RELEASE}.${NAMESPACE}`;
    return {
        metadata: { name: `${RELEASE}-cluster`, namespace: NAMESPACE },
        spec: {
            jobName: RELEASE,
            prober: { url: `${host}:${API_PORT}`, path: `${METRICS}/cluster` },
            targets: { staticConfig: { static: [host] } },
            metricRelabelings: [{ sourceLabels: ["__name__"], regex: OF_EACH_SERVER, action: "drop" }],
        },
    };
}
