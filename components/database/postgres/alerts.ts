import type { Rule } from "../../alerts/rule";
import { CLUSTERS, DATABASE_NAMESPACE as NAMESPACE, type ClusterNames, type Use } from "./names";

/** A cluster of PostgreSQL. */
export function postgresRules(instances: number, use: Use = "grafana"): Rule[] {
    const names = CLUSTERS[use];
    const rules = [failedOver(names), lagging(names), instanceMissing(instances, names)];
    return use === "grafana" ? rules : rules.map((rule) => ({ ...rule, labels: { database: use } }));
}

/** `cluster` is the database's own label on some of its metrics: every rule sums it away. */
const metricOf =
    ({ cluster }: ClusterNames) =>
    (name: string, pod: number) =>
        `${name}{namespace="${NAMESPACE}",pod="${cluster}-${pod}"}`;

/** Of one cluster's instances. */
export function ofInstances({ cluster }: Pick<ClusterNames, "cluster">): string {
    return `namespace="${NAMESPACE}",pod=~"${cluster}-[0-9]+"`;
}

function failedOver(names: ClusterNames): Rule {
    const { title } = names;
    const metric = metricOf(names);
    const says = (times: string) =>
        `Instances of ${small(title)} changed between primary and standby ${times} times within 15 minutes. Whoever uses it lost its connections for some seconds.`;
    return {
        alert: "DatabaseFailedOver",
        severity: "warning",
        // An instance that comes up anew starts a new series; only one that was a standby changes.
        expr: `sum by (namespace) (changes(cnpg_pg_replication_in_recovery{${ofInstances(names)}}[15m])) > 0`,
        for: "0m",
        summary: `${title} has another primary`,
        description: says("{{ $value }}"),
        firing: {
            series: { [metric("cnpg_pg_replication_in_recovery", 2)]: "1x10 0x30" },
            minute: 15,
            labels: { namespace: NAMESPACE },
            says: says("1"),
        },
        silent: {
            series: {
                [metric("cnpg_pg_replication_in_recovery", 1)]: "0x40",
                [metric("cnpg_pg_replication_in_recovery", 2)]: "1x40",
            },
            minute: 15,
        },
    };
}

/** A title within a sentence. */
export function small(title: string): string {
    return title.replace(/^The /, "the ");
}

const LAG_SECONDS = 60;

function lagging(names: ClusterNames): Rule {
    const { title, cluster } = names;
    const metric = metricOf(names);
    const says = (pod: string, lag: string) =>
        `${pod} is ${lag} behind its primary, for 15 minutes more than ${LAG_SECONDS} seconds. If the primary is lost now, the standby takes longer to follow it.`;
    return {
        alert: "DatabaseReplicationLagging",
        severity: "warning",
        expr: `max by (namespace, pod) (cnpg_pg_replication_lag{${ofInstances(names)}}) > ${LAG_SECONDS}`,
        for: "15m",
        summary: `A standby of ${small(title)} lags behind`,
        description: says("{{ $labels.pod }}", "{{ $value | humanizeDuration }}"),
        firing: {
            series: { [metric("cnpg_pg_replication_lag", 2)]: "0+10x60" },
            minute: 40,
            labels: { namespace: NAMESPACE, pod: `${cluster}-2` },
            says: says(`${cluster}-2`, "6m 40s"),
        },
        silent: { series: { [metric("cnpg_pg_replication_lag", 2)]: "0x10 300x5 0x40" }, minute: 40 },
    };
}

function instanceMissing(instances: number, names: ClusterNames): Rule {
    const metric = metricOf(names);
    const title = small(names.title);
    const ups = (count: number, values: string) =>
        Object.fromEntries(Array.from({ length: count }, (_, pod) => [metric("cnpg_collector_up", pod + 1), values]));
    // Each stands in a stack with the others, whose rules of the same name are asked in the same test.
    const others = Object.fromEntries(
        Object.values(CLUSTERS)
            .filter((each) => each !== names)
            .flatMap((each) =>
                Array.from({ length: instances }, (_, pod) => metricOf(each)("cnpg_collector_up", pod + 1)),
            )
            .map((series) => [series, "1x40"]),
    );
    const left = instances - 1;
    const then = "A lost standby can be borne; with no synchronous one left, writes wait.";
    return {
        alert: "DatabaseInstanceMissing",
        severity: "warning",
        expr: `(sum by (namespace) (cnpg_collector_up{${ofInstances(names)}}) or label_replace(vector(0), "namespace", "${NAMESPACE}", "", "")) < ${instances}`,
        for: "15m",
        summary: `An instance of ${title} is down`,
        description: `{{ $value }} of ${instances} instances of ${title} have been up for 15 minutes. ${then}`,
        firing: {
            series: { ...others, ...ups(instances, "0x40"), ...ups(left, "1x40") },
            minute: 30,
            labels: { namespace: NAMESPACE },
            says: `${left} of ${instances} instances of ${title} have been up for 15 minutes. ${then}`,
        },
        silent: { series: { ...others, ...ups(instances, "1x40") }, minute: 30 },
    };
}
