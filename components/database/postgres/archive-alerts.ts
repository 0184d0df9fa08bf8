import { humanDuration, type Rule } from "../../alerts/rule";
import { ofInstances, small } from "./alerts";
import { CLUSTERS, DATABASE_NAMESPACE, type ClusterNames, type Use } from "./names";

/** The archive: base backups, at most so many hours old, and the log from there on. */
export function archiveRules(tooOldHours: number, use: Use = "grafana"): Rule[] {
    const names = CLUSTERS[use];
    const labels: Record<string, string> = use === "grafana" ? {} : { database: use };
    return [backupTooOld(tooOldHours, names), archiveFailing(names)].map((rule) => ({
        ...rule,
        labels: { ...rule.labels, ...labels },
    }));
}

/** The gauge has the time of the last base backup that can be recovered from, and is 0 before the first. */
function backupTooOld(hours: number, names: ClusterNames): Rule {
    const title = small(names.title);
    const metric = "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp";
    const namespace = DATABASE_NAMESPACE;
    const series = `${metric}{namespace="${namespace}",pod="${names.cluster}-1"}`;
    const then = "What came since is lost with it, unless the log from there on is archived.";
    return {
        alert: "BackupTooOld",
        severity: "warning",
        labels: { backup: "database" },
        expr: `time() - max by (namespace) (${metric}{${ofInstances(names)}}) > ${hours} * 3600`,
        for: "1h",
        summary: `The last base backup of ${title} is too old`,
        description: `The last base backup of ${title} was made {{ $value | humanizeDuration }} ago (decades: never), more than ${hours} hours. ${then}`,
        firing: {
            series: { [series]: `0x${(hours + 3) * 60}` },
            minute: (hours + 2) * 60,
            labels: { namespace },
            says: `The last base backup of ${title} was made ${humanDuration(hours + 2)} ago (decades: never), more than ${hours} hours. ${then}`,
        },
        silent: { series: { [series]: `0+60x${(hours + 3) * 60}` }, minute: (hours + 2) * 60 },
    };
}

/**
 * The archiver of the primary has files to archive, and none got there for a while. A standby has the gauges of its own
 * files, which nobody archives, but not those of the archiver. An idle database has no file to archive.
 */
function archiveFailing(names: ClusterNames): Rule {
    const { cluster } = names;
    const title = small(names.title);
    const minutes = 15;
    const namespace = DATABASE_NAMESPACE;
    const pod = `${cluster}-1`;
    const own = ofInstances(names);
    const waiting = `cnpg_collector_pg_wal_archive_status{namespace="${namespace}",pod="${pod}",value="ready"}`;
    const last = `cnpg_pg_stat_archiver_last_archived_time{namespace="${namespace}",pod="${pod}"}`;
    const then =
        "The log grows until it fills the database's volume, and what is in it cannot be recovered if the volume is lost.";
    return {
        alert: "DatabaseArchiveFailing",
        severity: "warning",
        expr:
            `max by (namespace, pod) (cnpg_collector_pg_wal_archive_status{${own},value="ready"}) > 0 and on (namespace, pod) ` +
            `max by (namespace, pod) (time() - cnpg_pg_stat_archiver_last_archived_time{${own}}) > ${minutes} * 60`,
        for: "5m",
        summary: `The log of ${title} is not archived`,
        description: `{{ $value }} files of the log of {{ $labels.pod }} wait for the archive, which took none for more than ${minutes} minutes. ${then}`,
        firing: {
            series: { [waiting]: "0x4 1+1x60", [last]: "0x64" },
            minute: 30,
            labels: { namespace, pod },
            says: `26 files of the log of ${pod} wait for the archive, which took none for more than ${minutes} minutes. ${then}`,
        },
        // Nothing to archive, however long; and a standby's files, which have no archiver.
        silent: {
            series: { [waiting]: "0x60", [last]: "0x60", [waiting.replace(pod, `${cluster}-2`)]: "3x60" },
            minute: 50,
        },
    };
}
