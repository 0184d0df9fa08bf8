import { logsOfPod } from "../../dashboards/links";
import { podRows } from "../../dashboards/pods";
import { inNamespace, perSecond } from "../../dashboards/selectors";
import { graph, levels, metrics, number, type Dashboard, type Row } from "../../dashboards/spec";
import { ofInstances, small } from "./alerts";
import { CLUSTERS, DATABASE_NAMESPACE as NAMESPACE, type ClusterNames, type Use } from "./names";

type Of = (more?: string) => string;
const links = [logsOfPod(NAMESPACE)];

export function postgresDashboard(use: Use = "grafana"): Dashboard {
    const names = CLUSTERS[use];
    const instances = `pod=~"${names.cluster}-[0-9]+"`;
    const of: Of = (more) => inNamespace(NAMESPACE, more === undefined ? instances : `${instances}, ${more}`);
    return {
        uid: use === "grafana" ? "postgresql" : `postgresql-${use}`,
        title: use === "grafana" ? "PostgreSQL" : `PostgreSQL of ${use}`,
        description: `${names.title}, the cluster ${names.cluster} of CloudNativePG: is there a primary, do the standbys follow, is there room.`,
        from: "now-6h",
        rows: [
            health(names, of),
            replication(of),
            work(names, of),
            ...podRows(NAMESPACE, '"level":"error"|FATAL|PANIC'),
        ],
    };
}

function health(names: ClusterNames, of: Of): Row {
    return {
        title: "Health",
        panels: [
            number({
                title: "Instances up",
                description: "That answer. Normal: all, three in production. One less is survived without loss.",
                unit: "short",
                base: "red",
                thresholds: [
                    { from: 1, color: "yellow" },
                    { from: 3, color: "green" },
                ],
                // Its own label `cluster` names the cluster of databases.
                queries: [metrics("up", `sum(cnpg_collector_up{${ofInstances(names)}})`)],
            }),
            number({
                title: "Primaries",
                description:
                    "Normal: 1. 0: a failover is going on or stuck, nothing can be written; see the log of the operator in cnpg-system.",
                unit: "short",
                base: "red",
                thresholds: [
                    { from: 1, color: "green" },
                    { from: 2, color: "red" },
                ],
                queries: [metrics("primaries", `count(cnpg_pg_replication_in_recovery{${of()}} == 0) or vector(0)`)],
            }),
            number({
                title: "Synchronous standbys missing",
                description: "Normal: 0. Otherwise commits wait for a standby, or are on the primary alone.",
                unit: "short",
                thresholds: [{ from: 1, color: "red" }],
                queries: [
                    metrics(
                        "missing",
                        `max(cnpg_collector_sync_replicas{${of('value="min"')}}) - max(cnpg_collector_sync_replicas{${of('value="observed"')}})`,
                    ),
                ],
            }),
            number({
                title: "Largest lag",
                description:
                    "Seconds by which a standby is behind. Normal: below 1; it grows where nothing is written too, up to minutes.",
                unit: "s",
                thresholds: levels(30, 300),
                queries: [metrics("lag", `max(cnpg_pg_replication_lag{${of()}})`)],
            }),
            number({
                title: "Connections",
                description: "Of the primary's limit. Each pod that uses it opens 20.",
                unit: "percentunit",
                thresholds: levels(0.7, 0.9),
                queries: [
                    metrics(
                        "used",
                        `max(sum by (pod) (cnpg_backends_total{${of()}}) / max by (pod) (cnpg_pg_settings_setting{${of('name="max_connections"')}}))`,
                    ),
                ],
            }),
            number({
                title: "Last backup",
                description: "Time since the last base backup. Where `database.backup` is not set there is none.",
                unit: "s",
                none: "none",
                thresholds: levels(129_600, 259_200),
                queries: [
                    metrics(
                        "age",
                        `time() - max(barman_cloud_cloudnative_pg_io_last_available_backup_timestamp{${of()}} > 0)`,
                    ),
                ],
            }),
        ],
    };
}

function replication(of: Of): Row {
    return {
        title: "Replication",
        panels: [
            graph({
                title: "Lag",
                description:
                    "By standby. One that rises alone is slow or cut off; the operator replaces it when it is gone.",
                unit: "s",
                links,
                queries: [metrics("{{pod}}", `max by (pod) (cnpg_pg_replication_lag{${of()}})`)],
            }),
            graph({
                title: "Streaming standbys",
                description: "As the primary sees them. Normal: one less than there are instances.",
                unit: "short",
                links,
                queries: [metrics("{{pod}}", `max by (pod) (cnpg_pg_replication_streaming_replicas{${of()}} > 0)`)],
            }),
            graph({
                title: "Write-ahead log",
                description:
                    "Bytes on the volume. It grows while a standby is away; the volume must hold it until then.",
                unit: "bytes",
                links,
                queries: [metrics("{{pod}}", `max by (pod) (cnpg_collector_pg_wal{${of('value="size"')}})`)],
            }),
        ],
    };
}

function work(names: ClusterNames, of: Of): Row {
    const database = of(`datname="${names.database}"`);
    const title = small(names.title);
    return {
        title: "Work",
        panels: [
            graph({
                title: "Transactions",
                description: `Of ${title}. Rolled back ones are normally few.`,
                unit: "cps",
                width: 6,
                queries: [
                    metrics("committed", perSecond(`cnpg_pg_stat_database_xact_commit{${database}}`)),
                    metrics("rolled back", perSecond(`cnpg_pg_stat_database_xact_rollback{${database}}`)),
                ],
            }),
            graph({
                title: "Backends",
                description: "By instance and state. Many idle in transaction: something holds locks.",
                unit: "short",
                width: 6,
                queries: [metrics("{{pod}} {{state}}", `sum by (pod, state) (cnpg_backends_total{${of()}}) > 0`)],
            }),
            graph({
                title: "Found in memory",
                description: "Share of the blocks that were read. Normal: above 99 % where the database is small.",
                unit: "percentunit",
                max: 1,
                width: 6,
                queries: [
                    metrics(
                        "share",
                        `${perSecond(`cnpg_pg_stat_database_blks_hit{${database}}`)} / (${perSecond(`cnpg_pg_stat_database_blks_hit{${database}}`)} + ${perSecond(`cnpg_pg_stat_database_blks_read{${database}}`)} > 0)`,
                    ),
                ],
            }),
            graph({
                title: "Size",
                description: `Of ${title}.`,
                unit: "bytes",
                width: 6,
                queries: [metrics("size", `max(cnpg_pg_database_size_bytes{${database}})`)],
            }),
        ],
    };
}
