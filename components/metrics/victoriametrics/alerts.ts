import { ofStore, orZero, share, type Rule } from "../../alerts/rule";
import { NAMESPACE } from "./names";

const inNamespace = (more = "") => `{namespace="${NAMESPACE}"${more}}`;

/** VictoriaMetrics, where all metrics end. */
export function vmRules({ clustered }: { readonly clustered: boolean }): Rule[] {
    const shared = [ingestionStopped, writesFailing, readsFailing, dataRejected, readOnly];
    return ofStore("metrics", clustered ? [...shared, serverUnreachable, belowFactor] : shared);
}

const INSERTED = "vm_rows_inserted_total";

const ingestionStopped: Rule = {
    alert: "MetricsIngestionStopped",
    severity: "critical",
    expr: `${orZero(`sum(rate(${INSERTED}${inNamespace()}[5m]))`)} == 0`,
    for: "5m",
    labels: { namespace: NAMESPACE },
    summary: "VictoriaMetrics takes in no samples at all",
    description:
        "VictoriaMetrics has taken in {{ $value }} samples a second for 5 minutes. No replica of Prometheus reaches it. Prometheus keeps two hours of what it could not send.",
    firing: {
        series: { up: "1x30" },
        minute: 20,
        labels: { namespace: NAMESPACE },
        says: "VictoriaMetrics has taken in 0 samples a second for 5 minutes. No replica of Prometheus reaches it. Prometheus keeps two hours of what it could not send.",
    },
    silent: { series: { [`${INSERTED}${inNamespace(',pod="a",type="promremotewrite"')}`]: "0+600x30" }, minute: 20 },
};

/** What both programs that take pushes call them. */
const PUSHES = 'protocol=~"promremotewrite|opentelemetry"';
const QUERIES = 'path=~".*/api/v1/(query|query_range|series|labels|label/.*)"';

/** Requests that a program answers with an error, of all of one sort; it counts both by path, and no status. */
function failing(
    matchers: string,
    of: { readonly path: string; readonly protocol?: string },
    rule: Pick<Rule, "alert" | "for" | "summary"> & {
        readonly over: number;
        readonly what: string;
        readonly then: string;
    },
): Rule {
    const [errors, all] = ["vm_http_request_errors_total", "vm_http_requests_total"];
    const own = Object.entries(of).map(([label, value]) => `,${label}="${value}"`);
    const series = (metric: string) => `${metric}${inNamespace(`,pod="a"${own.join("")}`)}`;
    const { over, what, then, ...rest } = rule;
    const limit = `${over * 100} %`;
    return {
        ...rest,
        severity: "critical",
        expr: `${share(`${errors}${inNamespace(`,${matchers}`)}`, `${all}${inNamespace(`,${matchers}`)}`)} > ${over}`,
        description: `{{ $value | humanizePercentage }} of the ${what} VictoriaMetrics failed over 5 minutes, more than ${limit}. ${then}`,
        firing: {
            series: { [series(all)]: "0+100x40", [series(errors)]: "0+50x40" },
            minute: 30,
            labels: { namespace: NAMESPACE },
            says: `50% of the ${what} VictoriaMetrics failed over 5 minutes, more than ${limit}. ${then}`,
        },
        silent: { series: { [series(all)]: "0+1000x40", [series(errors)]: "0+1x40" }, minute: 30 },
    };
}

const writesFailing = failing(
    PUSHES,
    { path: "/insert/{}/prometheus/", protocol: "promremotewrite" },
    {
        alert: "WritesFailing",
        for: "5m",
        summary: "VictoriaMetrics fails to take what is sent to it",
        over: 0.01,
        what: "pushes to",
        then: "Senders retry for a while; what they cannot keep is lost.",
    },
);

/** Questions that are wrong count as well: it takes many more of them than anybody asks by mistake. */
const readsFailing = failing(
    QUERIES,
    { path: "/select/{}/prometheus/api/v1/query_range" },
    {
        alert: "ReadsFailing",
        for: "10m",
        summary: "VictoriaMetrics fails to answer queries",
        over: 0.25,
        what: "queries to",
        then: "Dashboards are empty; nothing is lost.",
    },
);

const IGNORED = "vm_rows_ignored_total";
const RECEIVED = "vm_rows_received_by_storage_total";
const ignored = `${IGNORED}${inNamespace(',pod="a",reason="hourly_limit_exceeded"')}`;
const received = `${RECEIVED}${inNamespace(',pod="a"')}`;

const dataRejected: Rule = {
    alert: "DataRejected",
    severity: "warning",
    expr:
        `sum by (namespace, reason) (rate(${IGNORED}${inNamespace()}[15m])) / on (namespace) group_left () ` +
        `sum by (namespace) (rate(${RECEIVED}${inNamespace()}[15m])) > 0.01`,
    for: "15m",
    summary: "VictoriaMetrics drops samples",
    description:
        "{{ $value | humanizePercentage }} of the samples were dropped by VictoriaMetrics as {{ $labels.reason }} over 15 minutes, more than 1 %. They are lost, and whoever sent them was told nothing.",
    firing: {
        series: { [ignored]: "0+60x60", [received]: "0+600x60" },
        minute: 50,
        labels: { namespace: NAMESPACE, reason: "hourly_limit_exceeded" },
        says: "10% of the samples were dropped by VictoriaMetrics as hourly_limit_exceeded over 15 minutes, more than 1 %. They are lost, and whoever sent them was told nothing.",
    },
    silent: { series: { [ignored]: "0+1x60", [received]: "0+600x60" }, minute: 50 },
};

const READ_ONLY = "vm_storage_is_read_only";
const readOnlySeries = `${READ_ONLY}${inNamespace(',pod="vmstorage-0",path="/storage"')}`;

const readOnly: Rule = {
    alert: "MetricsServerReadOnly",
    severity: "critical",
    expr: `max by (namespace, pod) (${READ_ONLY}${inNamespace()}) == 1`,
    for: "5m",
    summary: "A server of VictoriaMetrics takes no more samples, since its volume is full",
    description:
        "{{ $labels.pod }} has been read-only for 5 minutes: its volume has less room than it keeps free. The others take its share while there are any.",
    firing: {
        series: { [readOnlySeries]: "1x30" },
        minute: 20,
        labels: { namespace: NAMESPACE, pod: "vmstorage-0" },
        says: "vmstorage-0 has been read-only for 5 minutes: its volume has less room than it keeps free. The others take its share while there are any.",
    },
    silent: { series: { [readOnlySeries]: "0x10 1x3 0x30" }, minute: 20 },
};

const REACHABLE = "vm_rpc_vmstorage_is_reachable";
const ADDRESS = "vmstorage-0.vmstorage.victoriametrics.svc.cluster.local:8400";
const reachable = `${REACHABLE}${inNamespace(`,pod="a",name="vminsert",addr="${ADDRESS}",rpc_call="writeRows"`)}`;

const serverUnreachable: Rule = {
    alert: "MetricsServerUnreachable",
    severity: "warning",
    // One that a single vminsert cannot reach is missed by that one alone: the network between them.
    expr: `min by (namespace, addr) (${REACHABLE}${inNamespace()}) == 0`,
    for: "15m",
    summary: "A server of VictoriaMetrics cannot be reached",
    description:
        "{{ $labels.addr }} has not been reached for 15 minutes. The others take its share; with as many away as there are copies, queries fail.",
    firing: {
        series: { [reachable]: "0x30" },
        minute: 20,
        labels: { namespace: NAMESPACE, addr: ADDRESS },
        says: `${ADDRESS} has not been reached for 15 minutes. The others take its share; with as many away as there are copies, queries fail.`,
    },
    // A pod that is replaced.
    silent: { series: { [reachable]: "1x5 0x8 1x20" }, minute: 20 },
};

const INCOMPLETE = "vm_rpc_rows_incompletely_replicated_total";
const incomplete = `${INCOMPLETE}${inNamespace(',pod="a",name="vminsert"')}`;

const belowFactor: Rule = {
    alert: "ReplicationBelowFactor",
    severity: "critical",
    expr: `sum by (namespace) (increase(${INCOMPLETE}${inNamespace()}[15m])) > 0`,
    for: "15m",
    summary: "VictoriaMetrics writes fewer copies than its replication factor",
    description:
        '{{ $value | printf "%.0f" }} samples were stored with fewer copies within 15 minutes, and for a quarter of an hour some always were. They stay so: losing one more server loses what only it has.',
    firing: {
        series: { [incomplete]: "0+60x60" },
        minute: 50,
        labels: { namespace: NAMESPACE },
        says: "900 samples were stored with fewer copies within 15 minutes, and for a quarter of an hour some always were. They stay so: losing one more server loses what only it has.",
    },
    // A pod that is replaced: the others took over at once.
    silent: { series: { [incomplete]: "0x20 60x60" }, minute: 50 },
};

const HOURS = 6;
const backedUp = `vm_http_requests_total${inNamespace(',path="/snapshot/list",pod="vmstorage-0"')}`;

/** After each backup the server is asked for its snapshots once (`sidecars.ts`), and counts that. */
export const backupTooOld: Rule = {
    alert: "BackupTooOld",
    severity: "warning",
    labels: { backup: "metrics-store" },
    expr: `sum by (namespace, pod) (increase(vm_http_requests_total${inNamespace(',path="/snapshot/list"')}[${HOURS}h])) == 0`,
    // Of a server that has just started, too: its first backup takes as long as its volume is large.
    for: `${HOURS}h`,
    summary: "The last backup of a server of VictoriaMetrics is too old",
    description: `{{ $labels.pod }} has completed {{ $value }} backups of its volume within ${HOURS} hours, and for as long before. What came since the last one is lost with the volume, where no other server has it.`,
    firing: {
        series: { [backedUp]: "0x800" },
        minute: 780,
        labels: { namespace: NAMESPACE, pod: "vmstorage-0" },
        says: `vmstorage-0 has completed 0 backups of its volume within ${HOURS} hours, and for as long before. What came since the last one is lost with the volume, where no other server has it.`,
    },
    silent: { series: { [backedUp]: "0x100 1x60 2x60 3x580" }, minute: 480 },
};
