import { NAMESPACE } from "../backup/names";
import { DATABASE_NAMESPACE } from "../postgres/names";
import type { BackupAges } from "./facts";
import type { Rule } from "./rule";

/** Alerts on the age of the last backup, for whatever has backups. */
export function backupRules({ bucketHours, databaseHours }: BackupAges): Rule[] {
    return [
        ...(bucketHours === undefined ? [] : [bucketsRule(bucketHours)]),
        ...(databaseHours === undefined ? [] : [databaseRule(databaseHours)]),
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

/** The gauge has the time of the last backup that can be restored. */
function databaseRule(hours: number): Rule {
    const metric = "cnpg_collector_last_available_backup_timestamp";
    const namespace = DATABASE_NAMESPACE;
    const series = `${metric}{namespace="${namespace}",pod="a"}`;
    return {
        ...shared,
        labels: { backup: "database" },
        expr: `time() - max by (namespace) (${metric}{namespace="${namespace}"}) > ${hours} * 3600`,
        summary: "The last backup of Grafana's database is too old",
        description: `The last backup of Grafana's database was made {{ $value | humanizeDuration }} ago, more than ${hours} hours. What came since is lost with it.`,
        firing: {
            series: { [series]: `0x${(hours + 3) * 60}` },
            minute: (hours + 2) * 60,
            labels: { namespace },
            says: `The last backup of Grafana's database was made ${days(hours + 2)} ago, more than ${hours} hours. What came since is lost with it.`,
        },
        silent: { series: { [series]: `0+60x${(hours + 3) * 60}` }, minute: (hours + 2) * 60 },
    };
}

/** As `humanizeDuration` writes whole hours. */
function days(hours: number): string {
    return hours < 24 ? `${hours}h 0m 0s` : `${Math.floor(hours / 24)}d ${hours % 24}h 0m 0s`;
}
