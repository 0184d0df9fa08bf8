import { logsOfPod } from "../../dashboards/links";
import { podRows } from "../../dashboards/pods";
import { inNamespace, perSecond } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Dashboard, type Row } from "../../dashboards/spec";
import { NAMESPACE } from "./names";

/** The whole is asked of any server through the Service, and has no pod; each server is also asked for its own. */
const whole = inNamespace(NAMESPACE, 'pod=""');
const server = inNamespace(NAMESPACE, 'pod!=""');
const links = [logsOfPod(NAMESPACE)];

export function minioDashboard(): Dashboard {
    return {
        uid: "minio",
        title: "MinIO",
        description: "The object store: are the drives there, is there room, do requests succeed.",
        from: "now-6h",
        rows: [health(), requests(), drives(), ...podRows(NAMESPACE, "(?i)error|api: ")],
    };
}

function health(): Row {
    return {
        title: "Health",
        panels: [
            number({
                title: "Health",
                description:
                    "1: every erasure set has its write quorum. 0: writes fail, and so do all three stores' flushes.",
                unit: "short",
                base: "red",
                thresholds: [{ from: 1, color: "green" }],
                queries: [metrics("healthy", `min(minio_cluster_health_status{${whole}})`)],
            }),
            number({
                title: "Drives offline",
                description: "Normal: 0. How many may be: see drives to spare.",
                unit: "short",
                thresholds: levels(1, 2),
                queries: [metrics("drives", `max(minio_cluster_drive_offline_total{${whole}})`)],
            }),
            number({
                title: "Drives to spare",
                description:
                    "That may be lost before writes stop, in the set that is nearest to it. 0: the next loss stops writes.",
                unit: "short",
                base: "red",
                thresholds: [
                    { from: 1, color: "yellow" },
                    { from: 2, color: "green" },
                ],
                queries: [
                    metrics(
                        "drives",
                        `min(minio_cluster_health_erasure_set_online_drives{${whole}} - minio_cluster_health_erasure_set_write_quorum{${whole}})`,
                    ),
                ],
            }),
            number({
                title: "Used",
                description:
                    "Of the usable capacity. Layout and size are for ever: at 80 % shorten retention, or plan a larger object store.",
                unit: "percentunit",
                thresholds: levels(0.7, 0.85),
                queries: [
                    metrics(
                        "used",
                        `1 - max(minio_cluster_capacity_usable_free_bytes{${whole}}) / max(minio_cluster_capacity_usable_total_bytes{${whole}})`,
                    ),
                ],
            }),
            number({
                title: "Full in",
                description: "At the pace of the last day. No number: it does not grow.",
                unit: "s",
                base: "red",
                none: "never",
                thresholds: [
                    { from: 604_800, color: "yellow" },
                    { from: 2_592_000, color: "green" },
                ],
                queries: [
                    metrics(
                        "left",
                        `max(minio_cluster_capacity_usable_free_bytes{${whole}}) / (-deriv(max(minio_cluster_capacity_usable_free_bytes{${whole}})[1d:10m]) > 0)`,
                    ),
                ],
            }),
            number({
                title: "Objects",
                description: "Counted every few hours. Many millions make listing slow, which compactors do.",
                unit: "short",
                queries: [metrics("objects", `max(minio_cluster_usage_object_total{${whole}})`)],
            }),
        ],
    };
}

function requests(): Row {
    return {
        title: "Requests",
        panels: [
            graph({
                title: "Requests by operation",
                description: "Of all servers.",
                unit: "reqps",
                queries: [metrics("{{api}}", perSecond(`minio_s3_requests_total{${server}}`, "api"))],
            }),
            graph({
                title: "Errors",
                description:
                    "5xx are normally 0. 4xx are mostly questions for objects that do not exist. Rejected: a wrong key, as between a rotation and the stores' restart.",
                unit: "reqps",
                queries: [
                    metrics("5xx {{api}}", perSecond(`minio_s3_requests_5xx_errors_total{${server}}`, "api")),
                    metrics("4xx {{api}}", perSecond(`minio_s3_requests_4xx_errors_total{${server}}`, "api")),
                    metrics("rejected", perSecond(`minio_s3_requests_rejected_auth_total{${server}}`)),
                ],
            }),
            graph({
                title: "Waiting requests",
                description: "By server. Normal: 0. Above: drives or the network are too slow for what is asked.",
                unit: "short",
                links,
                queries: [metrics("{{pod}}", `sum by (pod) (minio_s3_requests_waiting_total{${server}})`)],
            }),
            graph({
                title: "Traffic",
                description: "With the stores, and between servers (erasure coding, healing).",
                unit: "Bps",
                width: 12,
                queries: [
                    metrics("from stores", perSecond(`minio_s3_traffic_received_bytes{${server}}`)),
                    metrics("to stores", perSecond(`minio_s3_traffic_sent_bytes{${server}}`)),
                    metrics("between servers", perSecond(`minio_inter_node_traffic_sent_bytes{${server}}`)),
                ],
            }),
            graph({
                title: "Failed calls between servers",
                description:
                    "By server. Normal: 0, some while a server restarts. Steady: the network, or a root key of their own.",
                unit: "cps",
                width: 12,
                links,
                queries: [metrics("{{pod}}", perSecond(`minio_inter_node_traffic_errors_total{${server}}`, "pod"))],
            }),
        ],
    };
}

function drives(): Row {
    return {
        title: "Drives",
        panels: [
            graph({
                title: "Used, by drive",
                description: "Lie together, since objects are spread over all. A drive that hangs behind is healing.",
                unit: "percentunit",
                max: 1,
                thresholds: levels(0.8, 0.9),
                queries: [
                    metrics(
                        "{{pod}} {{drive}}",
                        `minio_node_drive_used_bytes{${server}} / minio_node_drive_total_bytes{${server}}`,
                    ),
                ],
            }),
            graph({
                title: "Errors of drives, last hour",
                description:
                    "Read or write errors and timeouts. Normal: 0. A drive with some will fail: replace its volume.",
                unit: "short",
                links,
                queries: [
                    metrics(
                        "{{pod}} {{drive}}",
                        `sum by (pod, drive) (increase(minio_node_drive_errors_availability{${server}}[1h]))`,
                    ),
                ],
            }),
            graph({
                title: "Healing drives",
                description: "By erasure set. Normal: 0. Healing takes hours; until it ends there is less to spare.",
                unit: "short",
                queries: [
                    metrics(
                        "pool {{pool}} set {{set}}",
                        `max by (pool, set) (minio_cluster_health_erasure_set_healing_drives{${whole}})`,
                    ),
                ],
            }),
        ],
    };
}
