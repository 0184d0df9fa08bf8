import type { ObjectStoreClient, System } from "../contracts/system";
import { share, type FiringCase, type Rule } from "./rule";

/** The object store as the systems see it that keep data there. */
export function objectStoreRules(systems: readonly System[]): Rule[] {
    const [first, ...others] = clientsOf(systems);
    return first === undefined ? [] : [failing(first, others), slow(first, others)];
}

export function clientsOf(systems: readonly System[]): ObjectStoreClient[] {
    return systems.flatMap(({ objectStoreClient }) => objectStoreClient ?? []);
}

/** Counts of a client whose histogram of calls has the label `status_code`. */
export function callsByStatus(args: {
    readonly namespace: string;
    /** Name of the histogram, without `_count` and `_bucket`. */
    readonly histogram: string;
    /** Matcher of reads, and labels of one call. */
    readonly reads: string;
    readonly call: string;
}): Omit<ObjectStoreClient, "refusals"> {
    const { namespace, histogram, reads, call } = args;
    const calls = (more = "") => `${histogram}_count{namespace="${namespace}"${more}}`;
    const played = (status: number) => calls(`,pod="a",${call},status_code="${status}"`);
    return {
        namespace,
        failed: calls(',status_code=~"5.."'),
        calls: calls(),
        reads: `${histogram}_bucket{namespace="${namespace}",${reads}}`,
        played: {
            calls: (failed) => ({ [played(500)]: `0+${failed}x40`, [played(200)]: `0+${100 - failed}x40` }),
            reads: (le) =>
                `${histogram}_bucket{namespace="${namespace}",pod="a",${reads},status_code="200",le="${le}"}`,
        },
    };
}

/** Counts of a client that counts its failures apart: `…s_total`, `…_failures_total`, `…_duration_seconds`. */
export function callsAndFailures(args: {
    readonly namespace: string;
    /** What the three names start with. */
    readonly operation: string;
    readonly reads: string;
    readonly call: string;
}): Omit<ObjectStoreClient, "refusals"> {
    const { namespace, operation, reads, call } = args;
    const of = (metric: string, more = "") => `${operation}${metric}{namespace="${namespace}"${more}}`;
    const played = (metric: string) => of(metric, `,pod="a",${call}`);
    return {
        namespace,
        failed: of("_failures_total"),
        calls: of("s_total"),
        reads: of("_duration_seconds_bucket", `,${reads}`),
        played: {
            calls: (failed) => ({ [played("_failures_total")]: `0+${failed}x40`, [played("s_total")]: "0+100x40" }),
            reads: (le) => of("_duration_seconds_bucket", `,pod="a",${call},le="${le}"`),
        },
    };
}

const FAILED = 0.05;

function failing(first: ObjectStoreClient, others: readonly ObjectStoreClient[]): Rule {
    const then = "Ingesters keep what they cannot flush until their volumes are full; what is older cannot be read.";
    const fires = ({ namespace, played }: ObjectStoreClient): FiringCase => ({
        series: played.calls(10),
        minute: 30,
        labels: { namespace },
        says: `10% of the calls of ${namespace} to the object store failed over 5 minutes, more than 5 %. ${then}`,
    });
    return {
        alert: "ObjectStoreFailing",
        severity: "critical",
        expr: [first, ...others].map(({ failed, calls }) => `${share(failed, calls)} > ${FAILED}`).join(" or "),
        for: "10m",
        summary: "The object store fails calls of the stores",
        description: `{{ $value | humanizePercentage }} of the calls of {{ $labels.namespace }} to the object store failed over 5 minutes, more than ${FAILED * 100} %. ${then}`,
        firing: fires(first),
        alsoFiring: others.map(fires),
        silent: { series: played([first, ...others], (client) => client.played.calls(1)), minute: 30 },
    };
}

const SLOW_SECONDS = 5;

function slow(first: ObjectStoreClient, others: readonly ObjectStoreClient[]): Rule {
    const then = "Queries beyond the last hours are slow or time out.";
    const buckets = ({ played: { reads } }: ObjectStoreClient, fast: string) => ({
        [reads(fast)]: fast === "1" ? "0+60x90" : "0x90",
        [reads("8")]: "0+60x90",
        [reads("+Inf")]: "0+60x90",
    });
    const fires = (client: ObjectStoreClient): FiringCase => ({
        series: buckets(client, "4"),
        minute: 80,
        labels: { namespace: client.namespace },
        says: `One in twenty reads of ${client.namespace} from the object store takes 7.8s or longer, for 30 minutes more than 5 seconds. ${then}`,
    });
    return {
        alert: "ObjectStoreSlow",
        severity: "warning",
        expr: [first, ...others]
            .map(
                ({ reads }) =>
                    `histogram_quantile(0.95, sum by (namespace, le) (rate(${reads}[15m]))) > ${SLOW_SECONDS}`,
            )
            .join(" or "),
        for: "30m",
        summary: "The object store answers slowly",
        description: `One in twenty reads of {{ $labels.namespace }} from the object store takes {{ $value | humanizeDuration }} or longer, for 30 minutes more than ${SLOW_SECONDS} seconds. ${then}`,
        firing: fires(first),
        alsoFiring: others.map(fires),
        silent: { series: played([first, ...others], (client) => buckets(client, "1")), minute: 80 },
    };
}

/** Series of all clients together. */
function played(clients: readonly ObjectStoreClient[], series: (client: ObjectStoreClient) => FiringCase["series"]) {
    return Object.assign({}, ...clients.map(series)) as FiringCase["series"];
}
