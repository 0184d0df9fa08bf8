import { ofStore, orZero, type Rule } from "../../alerts/rule";
import { COLLECTORS } from "../../kubernetes/namespaces";
import { CLUSTER, NAMESPACE } from "./names";

/**
 * OpenSearch as its exporter tells of it, and what the collectors say of its taking lines.
 * @param retention hours.
 */
export function opensearchAlerts(retention: number): Rule[] {
    return ofStore("logs", [
        ingestionStopped,
        health("red", {
            alert: "ShardsMissing",
            severity: "critical",
            for: "5m",
            summary: "Lines are on no node of OpenSearch that is up",
            description:
                "No copy of some lines has been on any node of OpenSearch for 5 minutes: they are not found, and where they are the newest, nothing is taken in.",
        }),
        health("yellow", {
            alert: "CopiesMissing",
            severity: "warning",
            for: "30m",
            summary: "Lines are on fewer nodes of OpenSearch than they should be",
            description:
                "Some lines have had fewer copies than logs.copies says for 30 minutes. The loss of one more node may be that of lines.",
        }),
        heapFull,
        retentionStuck(retention),
    ]);
}

const SENT = `otelcol_exporter_sent_log_records_total{namespace="${COLLECTORS}"`;
const stopped =
    "The collectors have handed on 0 lines a second for 15 minutes, though this platform itself always logs. Nodes keep files until they rotate; what rotates away unread is lost.";

const ingestionStopped: Rule = {
    alert: "LogsIngestionStopped",
    severity: "critical",
    expr: `${orZero(`sum(rate(${SENT}}[5m]))`)} == 0`,
    for: "15m",
    labels: { namespace: NAMESPACE },
    summary: "OpenSearch takes in no lines at all",
    description: stopped.replace("handed on 0", "handed on {{ $value }}"),
    firing: { series: { [`${SENT},pod="a"}`]: "7x40" }, minute: 30, labels: { namespace: NAMESPACE }, says: stopped },
    silent: { series: { [`${SENT},pod="a"}`]: "0+60x40" }, minute: 30 },
};

function health(
    color: "red" | "yellow",
    text: Pick<Rule, "alert" | "severity" | "for" | "summary" | "description">,
): Rule {
    const series = `elasticsearch_cluster_health_status{namespace="${NAMESPACE}",cluster="${CLUSTER}",color="${color}"}`;
    const minutes = Number.parseInt(text.for);
    return {
        ...text,
        expr: `max by (namespace) (elasticsearch_cluster_health_status{namespace="${NAMESPACE}",color="${color}"}) == 1`,
        firing: {
            series: { [series]: "1x60" },
            minute: minutes + 10,
            labels: { namespace: NAMESPACE },
            says: text.description,
        },
        // While a node is replaced.
        silent: { series: { [series]: `0x5 1x${minutes - 2} 0x60` }, minute: minutes + 4 },
    };
}

const FULL = 0.85;
const heap = (metric: string, node = "a") =>
    `elasticsearch_jvm_memory_${metric}_bytes{namespace="${NAMESPACE}",name="${node}",area="heap"}`;

const heapFull: Rule = {
    alert: "HeapNearlyFull",
    severity: "warning",
    expr:
        `max by (namespace, name) (elasticsearch_jvm_memory_used_bytes{namespace="${NAMESPACE}",area="heap"}` +
        ` / elasticsearch_jvm_memory_max_bytes{namespace="${NAMESPACE}",area="heap"}) > ${FULL}`,
    for: "15m",
    summary: "A node of OpenSearch is short of heap",
    description: `The heap of {{ $labels.name }} has been {{ $value | humanizePercentage }} full for 15 minutes, more than ${FULL * 100} %: garbage is not what fills it. Soon it refuses requests, or stops answering the others.`,
    firing: {
        series: { [heap("used")]: "90x60", [heap("max")]: "100x60" },
        minute: 30,
        labels: { namespace: NAMESPACE, name: "a" },
        says: `The heap of a has been 90% full for 15 minutes, more than ${FULL * 100} %: garbage is not what fills it. Soon it refuses requests, or stops answering the others.`,
    },
    silent: { series: { [heap("used")]: "90x10 40x5 90x10", [heap("max")]: "100x60" }, minute: 20 },
};

/** Hours beyond the retention: an index is deleted a day after its first line at the earliest, and looked at now and then. */
const LATE = 48;

function retentionStuck(retention: number): Rule {
    const kept = retention + LATE;
    const series = `elasticsearch_indices_settings_creation_timestamp_seconds{namespace="${NAMESPACE}",index=".ds-logs-1"}`;
    const minutes = kept * 60;
    const says = (age: string) =>
        `The oldest index of lines is ${age} old, more than two days beyond logs.retention. Volumes fill with what should be gone.`;
    return {
        alert: "RetentionStuck",
        severity: "warning",
        expr: `time() - min by (namespace) (elasticsearch_indices_settings_creation_timestamp_seconds{namespace="${NAMESPACE}",index=~"\\\\.ds-logs-.*"}) > ${kept} * 3600`,
        for: "1h",
        summary: "OpenSearch does not delete what is past its retention",
        description: says("{{ $value | humanizeDuration }}"),
        firing: {
            series: { [series]: `0x${minutes + 240}` },
            minute: minutes + 120,
            labels: { namespace: NAMESPACE },
            says: says(`${Math.floor((kept + 2) / 24)}d ${(kept + 2) % 24}h 0m 0s`),
        },
        silent: { series: { [series]: "0x300" }, minute: 240 },
    };
}

const OLD = 36;
const snapshot = `elasticsearch_snapshot_stats_latest_snapshot_timestamp_seconds{namespace="${NAMESPACE}",repository="backup"}`;
const tooOld = (age: string) =>
    `The newest snapshot of OpenSearch is ${age} old, more than ${OLD} hours, though one is made each night. What came since is lost with the nodes' volumes.`;

/** Where snapshots are made. */
export const backupTooOld: Rule = {
    alert: "BackupTooOld",
    severity: "warning",
    labels: { backup: "log-store" },
    expr: `time() - max by (namespace) (elasticsearch_snapshot_stats_latest_snapshot_timestamp_seconds{namespace="${NAMESPACE}",repository="backup"}) > ${OLD} * 3600`,
    for: "1h",
    summary: "The last snapshot of OpenSearch is too old",
    description: tooOld("{{ $value | humanizeDuration }}"),
    firing: {
        series: { [snapshot]: "0x2500" },
        minute: 2340,
        labels: { namespace: NAMESPACE },
        says: tooOld("1d 15h 0m 0s"),
    },
    silent: { series: { [snapshot]: "0x400" }, minute: 300 },
};
