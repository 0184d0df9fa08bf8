import type { Rule } from "../../alerts/rule";
import { CLUSTER, DATABASE_NAMESPACE as NAMESPACE } from "./names";

/** Grafana's PostgreSQL. */
export function postgresRules(instances: number): Rule[] {
    return [failedOver, lagging, instanceMissing(instances)];
}

/** `cluster` is the database's own label on some of its metrics: every rule sums it away. */
const metric = (name: string, pod: number) => `${name}{namespace="${NAMESPACE}",pod="${CLUSTER}-${pod}"}`;

const failedOver: Rule = {
    alert: "DatabaseFailedOver",
    severity: "warning",
    // An instance that comes up anew starts a new series; only one that was a standby changes.
    expr: `sum by (namespace) (changes(cnpg_pg_replication_in_recovery{namespace="${NAMESPACE}"}[15m])) > 0`,
    for: "0m",
    summary: "Grafana's database has another primary",
    description:
        "Instances of Grafana's database changed between primary and standby {{ $value }} times within 15 minutes. Grafana lost its connections for some seconds.",
    firing: {
        series: { [metric("cnpg_pg_replication_in_recovery", 2)]: "1x10 0x30" },
        minute: 15,
        labels: { namespace: NAMESPACE },
        says: "Instances of Grafana's database changed between primary and standby 1 times within 15 minutes. Grafana lost its connections for some seconds.",
    },
    silent: {
        series: {
            [metric("cnpg_pg_replication_in_recovery", 1)]: "0x40",
            [metric("cnpg_pg_replication_in_recovery", 2)]: "1x40",
        },
        minute: 15,
    },
};

const LAG_SECONDS = 60;

const lagging: Rule = {
    alert: "DatabaseReplicationLagging",
    severity: "warning",
    expr: `max by (namespace, pod) (cnpg_pg_replication_lag{namespace="${NAMESPACE}"}) > ${LAG_SECONDS}`,
    for: "15m",
    summary: "A standby of Grafana's database lags behind",
    description: `{{ $labels.pod }} is {{ $value | humanizeDuration }} behind its primary, for 15 minutes more than ${LAG_SECONDS} seconds. If the primary is lost now, the standby takes longer to follow it.`,
    firing: {
        series: { [metric("cnpg_pg_replication_lag", 2)]: "0+10x60" },
        minute: 40,
        labels: { namespace: NAMESPACE, pod: `${CLUSTER}-2` },
        says: `${CLUSTER}-2 is 6m 40s behind its primary, for 15 minutes more than 60 seconds. If the primary is lost now, the standby takes longer to follow it.`,
    },
    silent: { series: { [metric("cnpg_pg_replication_lag", 2)]: "0x10 300x5 0x40" }, minute: 40 },
};

function instanceMissing(instances: number): Rule {
    const ups = (count: number, values: string) =>
        Object.fromEntries(Array.from({ length: count }, (_, pod) => [metric("cnpg_collector_up", pod + 1), values]));
    const left = instances - 1;
    const then = "A lost standby can be borne; with no synchronous one left, writes wait.";
    return {
        alert: "DatabaseInstanceMissing",
        severity: "warning",
        expr: `(sum by (namespace) (cnpg_collector_up{namespace="${NAMESPACE}"}) or label_replace(vector(0), "namespace", "${NAMESPACE}", "", "")) < ${instances}`,
        for: "15m",
        summary: "An instance of Grafana's database is down",
        description: `{{ $value }} of ${instances} instances of Grafana's database have been up for 15 minutes. ${then}`,
        firing: {
            series: { ...ups(instances, "0x40"), ...ups(left, "1x40") },
            minute: 30,
            labels: { namespace: NAMESPACE },
            says: `${left} of ${instances} instances of Grafana's database have been up for 15 minutes. ${then}`,
        },
        silent: { series: ups(instances, "1x40"), minute: 30 },
    };
}
