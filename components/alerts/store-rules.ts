import { share, type Rule } from "./rule";

/** A store that keeps its newest data in a ring of ingesters. */
export interface RingStore {
    /** As people call it. */
    readonly store: string;
    readonly namespace: string;
    /** What the names of its metrics start with. */
    readonly prefix: string;
    readonly replicationFactor: number;
}

const MINUTES = 15;

/** The ring: who is dead in it, and whether new data still finds all its copies. */
export function ringRules({ store, namespace, prefix, replicationFactor }: RingStore): Rule[] {
    const members = (state: string, more = "") =>
        `sum by (namespace, pod, name) (${prefix}_ring_members{namespace="${namespace}",state="${state}"${more}})`;
    const series = (state: string, name: string) =>
        `${prefix}_ring_members{namespace="${namespace}",pod="a",name="${name}",state="${state}"}`;
    const left = replicationFactor - 1;
    return [
        {
            alert: "RingMemberUnhealthy",
            severity: "warning",
            // Members see the ring a gossip apart: the one that sees most of it counts.
            expr: `max by (namespace, name) (${members("Unhealthy")}) > 0`,
            for: "15m",
            summary: `A member of a ring of ${store} is dead and was not forgotten`,
            description:
                `{{ $value }} members of the ring {{ $labels.name }} in {{ $labels.namespace }} have been unhealthy ` +
                `for ${MINUTES} minutes. Restarted members may wait for them, and reads ask them in vain.`,
            firing: {
                series: { [series("Unhealthy", "distributor")]: "1x30" },
                minute: 20,
                labels: { namespace, name: "distributor" },
                says: `1 members of the ring distributor in ${namespace} have been unhealthy for 15 minutes. Restarted members may wait for them, and reads ask them in vain.`,
            },
            // A pod that is replaced is missing for a few minutes.
            silent: { series: { [series("Unhealthy", "distributor")]: "0x10 1x5 0x20" }, minute: 20 },
        },
        {
            alert: "ReplicationBelowFactor",
            severity: "critical",
            expr: `max by (namespace, name) (${members("ACTIVE", ',name="ingester"')}) < ${replicationFactor}`,
            for: "15m",
            summary: `${store} writes fewer copies than its replication factor`,
            description:
                `{{ $value }} ingesters in {{ $labels.namespace }} are active, and each piece of data is to be on ` +
                `${replicationFactor}. ${afterNext(replicationFactor)}`,
            firing: {
                series: { [series("ACTIVE", "ingester")]: `${left}x30` },
                minute: 20,
                labels: { namespace, name: "ingester" },
                says: `${left} ingesters in ${namespace} are active, and each piece of data is to be on ${replicationFactor}. ${afterNext(replicationFactor)}`,
            },
            silent: {
                series: { [series("ACTIVE", "ingester")]: `${replicationFactor}x5 ${left}x8 ${replicationFactor}x20` },
                minute: 20,
            },
        },
    ];
}

function afterNext(replicationFactor: number): string {
    return replicationFactor === 1
        ? "Nothing is taken in."
        : "Losing one more loses what only it has, or stops all writes.";
}

/** Requests that a store answers, by the names of their routes. */
export interface Requests {
    readonly store: string;
    readonly namespace: string;
    /** What the names of its metrics start with. */
    readonly prefix: string;
    /** Matchers of the routes. */
    readonly routes: string;
    /** One such route. */
    readonly example: string;
}

/** Requests that a store answers, however it counts them. */
export interface Answers {
    readonly store: string;
    readonly namespace: string;
    /** Selector of their counter: with a status that matches, or with any. */
    readonly count: (status?: string) => string;
    /** The series of one route and status, as promtool plays it. */
    readonly played: (status: number) => string;
}

const PUSHES = 0.01;
const QUERIES = 0.05;

/** Pushes that fail: senders retry for a while, then data is lost. */
export function writesFailing(requests: Requests | Answers): Rule {
    return failing(requests, {
        alert: "WritesFailing",
        for: "5m",
        summary: `${requests.store} fails to take what is sent to it`,
        share: PUSHES,
        what: "pushes to",
        then: "Senders retry for a while; what they cannot keep is lost.",
    });
}

export function readsFailing(requests: Requests | Answers): Rule {
    return failing(requests, {
        alert: "ReadsFailing",
        for: "10m",
        summary: `${requests.store} fails to answer queries`,
        share: QUERIES,
        what: "queries to",
        then: "Dashboards are empty or incomplete; nothing is lost.",
    });
}

/** As stores with a ring count them. */
function byRoute({ store, namespace, prefix, routes, example }: Requests): Answers {
    const counter = `${prefix}_request_duration_seconds_count{namespace="${namespace}",`;
    return {
        store,
        namespace,
        count: (status) => `${counter}${routes}${status === undefined ? "" : `,status_code=~"${status}"`}}`,
        played: (status) => `${counter}pod="a",method="POST",route="${example}",status_code="${status}"}`,
    };
}

function failing(
    requests: Requests | Answers,
    text: Pick<Rule, "alert" | "for" | "summary"> & { share: number; what: string; then: string },
): Rule {
    const { store, namespace, count, played } = "count" in requests ? requests : byRoute(requests);
    const limit = `${text.share * 100} %`;
    return {
        alert: text.alert,
        severity: "critical",
        expr: `${share(count("5.."), count())} > ${text.share}`,
        for: text.for,
        summary: text.summary,
        description: `{{ $value | humanizePercentage }} of the ${text.what} ${store} failed with status 5xx over 5 minutes, more than ${limit}. ${text.then}`,
        firing: {
            series: { [played(200)]: "0+90x40", [played(500)]: "0+10x40" },
            minute: 30,
            labels: { namespace },
            says: `10% of the ${text.what} ${store} failed with status 5xx over 5 minutes, more than ${limit}. ${text.then}`,
        },
        // Refused for the sender's own fault: another alert.
        silent: { series: { [played(200)]: "0+90x40", [played(400)]: "0+10x40" }, minute: 30 },
    };
}

/** Data that a store refuses for what it is or how much it is: retrying does not help. */
export function dataRejected(args: {
    readonly store: string;
    readonly namespace: string;
    readonly what: string;
    readonly rejected: string;
    readonly received: string;
    readonly label: "user" | "tenant";
    /** Labels that tell it from the store's other rules of this name. */
    readonly labels?: Readonly<Record<string, string>>;
    /** What else is lost with what is rejected, as a sentence. */
    readonly also?: string;
}): Rule {
    const { store, namespace, what, rejected, received, label, labels, also } = args;
    const inNamespace = `{namespace="${namespace}"}`;
    const per = (labels: string, metric: string) => `sum by (${labels}) (rate(${metric}${inNamespace}[15m]))`;
    const more = ["They are lost: sending them again does not help.", ...(also === undefined ? [] : [also])].join(" ");
    const rejectedSeries = `${rejected}{namespace="${namespace}",pod="a",${label}="prod",reason="rate_limited"}`;
    const receivedSeries = `${received}{namespace="${namespace}",pod="a",${label}="prod"}`;
    return {
        alert: "DataRejected",
        severity: "warning",
        expr:
            `${per(`namespace, ${label}, reason`, rejected)} / on (namespace, ${label}) group_left () ` +
            `(${per(`namespace, ${label}`, rejected)} + ${per(`namespace, ${label}`, received)}) > ${PUSHES}`,
        for: "15m",
        ...(labels && { labels }),
        summary: `${store} rejects ${what}`,
        description: `{{ $value | humanizePercentage }} of the ${what} of tenant {{ $labels.${label} }} were rejected by ${store} as {{ $labels.reason }} over 15 minutes, more than ${PUSHES * 100} %. ${more}`,
        firing: {
            series: { [rejectedSeries]: "0+60x60", [receivedSeries]: "0+540x60" },
            minute: 50,
            labels: { namespace, [label]: "prod", reason: "rate_limited" },
            says: `10% of the ${what} of tenant prod were rejected by ${store} as rate_limited over 15 minutes, more than 1 %. ${more}`,
        },
        silent: { series: { [rejectedSeries]: "0+1x60", [receivedSeries]: "0+540x60" }, minute: 50 },
    };
}

const STUCK_HOURS = 6;

/** Work in the background that should succeed many times a day. */
export function stuck(args: {
    readonly alert: "CompactionStuck" | "RetentionStuck";
    readonly store: string;
    readonly namespace: string;
    readonly what: string;
    readonly then: string;
    /** Gauge with the time of the last success; 0 after a start, until the first. */
    readonly lastSuccess: string;
}): Rule {
    const { alert, store, namespace, what, then, lastSuccess } = args;
    const series = `${lastSuccess}{namespace="${namespace}",pod="a"}`;
    return {
        alert,
        severity: "warning",
        // A gauge at 0 is a process that has had no success yet; `for` leaves it as long as a run may take.
        expr: `time() - max by (namespace) (${lastSuccess}{namespace="${namespace}"}) > ${STUCK_HOURS} * 3600`,
        for: "2h",
        summary: `${what} of ${store} does not get done`,
        description: `${what} of ${store} last succeeded {{ $value | humanizeDuration }} ago (decades mean: not since its start), and should many times a day. ${then}`,
        firing: {
            series: { [series]: "0x700" },
            minute: 600,
            labels: { namespace },
            says: `${what} of ${store} last succeeded 10h 0m 0s ago (decades mean: not since its start), and should many times a day. ${then}`,
        },
        silent: { series: { [series]: "0+60x700" }, minute: 600 },
    };
}

/** Data that ingesters cannot bring to the object store: their volumes fill, and a lost volume loses more and more. */
export function flushFailing(store: string, namespace: string, failures: string, what: string): Rule {
    const series = `${failures}{namespace="${namespace}",pod="a"}`;
    const then = "It stays on the ingesters' volumes, which fill.";
    return {
        alert: "FlushFailing",
        severity: "critical",
        expr: `sum by (namespace) (increase(${failures}{namespace="${namespace}"}[30m])) > 0`,
        for: "30m",
        summary: `Ingesters of ${store} fail to bring data to the object store`,
        description: `{{ $value | printf "%.0f" }} ${what} of ${store} failed within 30 minutes, and for half an hour some always did. ${then}`,
        firing: {
            series: { [series]: "0+2x90" },
            minute: 80,
            labels: { namespace },
            says: `60 ${what} of ${store} failed within 30 minutes, and for half an hour some always did. ${then}`,
        },
        // One bad minute: the next try went well.
        silent: { series: { [series]: "0x30 3x60" }, minute: 70 },
    };
}
