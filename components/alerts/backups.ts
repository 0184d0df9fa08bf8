import { DATABASE_NAMESPACE } from "../postgres/names";
import type { Rule } from "./rule";

/** Gauges with the time of the last backup that can be restored, by what was backed up. */
export const BACKUP_METRICS = {
    "Grafana's database": {
        metric: "cnpg_collector_last_available_backup_timestamp",
        namespace: DATABASE_NAMESPACE,
    },
} as const;

/** @param hours Age at which the last backup is too old: twice the time between two. */
export function backupRules(hours: number): Rule[] {
    return Object.entries(BACKUP_METRICS).map(([what, { metric, namespace }]) => {
        const series = `${metric}{namespace="${namespace}",pod="a"}`;
        return {
            alert: "BackupTooOld",
            severity: "warning",
            expr: `time() - max by (namespace) (${metric}{namespace="${namespace}"}) > ${hours} * 3600`,
            for: "1h",
            summary: `The last backup of ${what} is too old`,
            description: `The last backup of ${what} was made {{ $value | humanizeDuration }} ago, more than ${hours} hours. What came since is lost with it.`,
            firing: {
                series: { [series]: `0x${(hours + 3) * 60}` },
                minute: (hours + 2) * 60,
                labels: { namespace },
                says: `The last backup of ${what} was made ${days(hours + 2)} ago, more than ${hours} hours. What came since is lost with it.`,
            },
            silent: { series: { [series]: `0+60x${(hours + 3) * 60}` }, minute: (hours + 2) * 60 },
        };
    });
}

/** As `humanizeDuration` writes whole hours. */
function days(hours: number): string {
    return hours < 24 ? `${hours}h 0m 0s` : `${Math.floor(hours / 24)}d ${hours % 24}h 0m 0s`;
}
