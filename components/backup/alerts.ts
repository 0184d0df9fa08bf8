import { humanDuration, type Rule } from "../alerts/rule";
import { NAMESPACE } from "./names";

/** The copy of one store's buckets; the rule holds for all. */
const JOB = "copy-metrics";

/** One series for each store's job. A job that never succeeded counts from when it was made. */
export function backupTooOld(hours: number): Rule {
    const selector = `{namespace="${NAMESPACE}",cronjob=~"copy-.+"}`;
    const succeeded = "kube_cronjob_status_last_successful_time";
    const made = "kube_cronjob_created";
    const series = (metric: string) => `${metric}{namespace="${NAMESPACE}",cronjob="${JOB}"}`;
    const minutes = (hours + 3) * 60;
    return {
        alert: "BackupTooOld",
        severity: "warning",
        labels: { backup: "buckets" },
        expr: `time() - max by (namespace, cronjob) (${succeeded}${selector} or ${made}${selector}) > ${hours} * 3600`,
        for: "1h",
        summary: "The last copy of a store's buckets is too old",
        description: `{{ $labels.cronjob }} last copied everything {{ $value | humanizeDuration }} ago, more than ${hours} hours. What came since is lost with the object store.`,
        firing: {
            series: { [series(made)]: `0x${minutes}` },
            minute: (hours + 2) * 60,
            labels: { namespace: NAMESPACE, cronjob: JOB },
            says: `${JOB} last copied everything ${humanDuration(hours + 2)} ago, more than ${hours} hours. What came since is lost with the object store.`,
        },
        silent: {
            series: { [series(made)]: `0x${minutes}`, [series(succeeded)]: `0+60x${minutes}` },
            minute: (hours + 2) * 60,
        },
    };
}
