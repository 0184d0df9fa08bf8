import { NAMESPACE } from "../backup/names";
import { CLUSTER, DATABASE_NAMESPACE } from "../database/postgres/names";
import type { BackupAges } from "./facts";
import type { Rule } from "./rule";

/** Alerts on the age of the last backup, for whatever has backups. */
export function backupRules({ bucketHours, databaseHours }: BackupAges): Rule[] {
    return [
        ...(bucketHours === undefined ? [] : [bucketsRule(bucketHours)]),
        ...(databaseHours === undefined ? [] : [databaseRule(databaseHours), archiveFailing()]),
    ];
}

const shared = { alert: "BackupTooOld", severity: "warning", for: "1h" } as const;

/** One series for each store's job. A job that never succeeded counts from when it was made. */
function bucketsRule(hours: number): Rule {
    const selector = `{namespace="${NAMESPACE}",cronjob=~"copy-.+"}`;
    const succeeded = "kube_cronjob_status_last_successful_time";
    const made = "kube_cronjob_created";
    const series = (metric: string) => `${metric}{namespace="${NAMESPACE}",cronjob="copy-loki"}`;
    const minutes = (hours + 3) * 60;
    return {
        ...shared,
        labels: { backup: "buckets" },
        expr: `time() - max by (namespace, cronjob) (${succeeded}${selector} or ${made}${selector}) > ${hours} * 3600`,
        summary: "The last copy of a store's buckets is too old",
        description: `{{ $labels.cronjob }} last copied everything {{ $value | humanizeDuration }} ago, more than ${hours} hours. What came since is lost with the object store.`,
        firing: {
            series: { [series(made)]: `0x${minutes}` },
            minute: (hours + 2) * 60,
            labels: { namespace: NAMESPACE, cronjob: "copy-loki" },
            says: `copy-loki last copied everything ${days(hours + 2)} ago, more than ${hours} hours. What came since is lost with the object store.`,
        },
        silent: {
            series: { [series(made)]: `0x${minutes}`, [series(succeeded)]: `0+60x${minutes}` },
            minute: (hours + 2) * 60,
        },
    };
}

/** The gauge has the time of the last base backup that can be recovered from, and is 0 before the first. */
function databaseRule(hours: number): Rule {
    const metric = "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp";
    const namespace = DATABASE_NAMESPACE;
    const series = `${metric}{namespace="${namespace}",pod="a"}`;
    const then = "What came since is lost with it, unless the log from there on is archived.";
    return {
        ...shared,
        labels: { backup: "database" },
        expr: `time() - max by (namespace) (${metric}{namespace="${namespace}"}) > ${hours} * 3600`,
        summary: "The last base backup of Grafana's database is too old",
        description: `The last base backup of Grafana's database was made {{ $value | humanizeDuration }} ago (decades: never), more than ${hours} hours. ${then}`,
        firing: {
            series: { [series]: `0x${(hours + 3) * 60}` },
            minute: (hours + 2) * 60,
            labels: { namespace },
            says: `The last base backup of Grafana's database was made ${days(hours + 2)} ago (decades: never), more than ${hours} hours. ${then}`,
        },
        silent: { series: { [series]: `0+60x${(hours + 3) * 60}` }, minute: (hours + 2) * 60 },
    };
}

/**
 * The archiver of the primary has files to archive, and none got there for a while. A standby has the gauges of its own
 * files, which nobody archives, but not those of the archiver. An idle database has no file to archive.
 */
function archiveFailing(): Rule {
    const minutes = 15;
    const namespace = DATABASE_NAMESPACE;
    const pod = `${CLUSTER}-1`;
    const selector = `{namespace="${namespace}"}`;
    const waiting = `cnpg_collector_pg_wal_archive_status{namespace="${namespace}",pod="${pod}",value="ready"}`;
    const last = `cnpg_pg_stat_archiver_last_archived_time{namespace="${namespace}",pod="${pod}"}`;
    const then =
        "The log grows until it fills the database's volume, and what is in it cannot be recovered if the volume is lost.";
    return {
        alert: "DatabaseArchiveFailing",
        severity: "warning",
        expr:
            `max by (namespace, pod) (cnpg_collector_pg_wal_archive_status{namespace="${namespace}",value="ready"}) > 0 and on (namespace, pod) ` +
            `max by (namespace, pod) (time() - cnpg_pg_stat_archiver_last_archived_time${selector}) > ${minutes} * 60`,
        for: "5m",
        summary: "The log of Grafana's database is not archived",
        description: `{{ $value }} files of the log of {{ $labels.pod }} wait for the archive, which took none for more than ${minutes} minutes. ${then}`,
        firing: {
            series: { [waiting]: "0x4 1+1x60", [last]: "0x64" },
            minute: 30,
            labels: { namespace, pod },
            says: `26 files of the log of ${pod} wait for the archive, which took none for more than ${minutes} minutes. ${then}`,
        },
        // Nothing to archive, however long; and a standby's files, which have no archiver.
        silent: {
            series: { [waiting]: "0x60", [last]: "0x60", [waiting.replace(pod, `${CLUSTER}-2`)]: "3x60" },
            minute: 50,
        },
    };
}

/** As `humanizeDuration` writes whole hours. */
function days(hours: number): string {
    return hours < 24 ? `${hours}h 0m 0s` : `${Math.floor(hours / 24)}d ${hours % 24}h 0m 0s`;
}
