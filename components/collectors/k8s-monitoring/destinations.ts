import type { Tenancy } from "../../contracts/tenancy";
import { DESTINATIONS } from "./names";
import { AS_LABELS } from "./point-labels";
import { ANSWERED, BEFORE_ANSWER, BEFORE_QUEUE, RETRIES, sendingQueue } from "./queue";
import { tailSampling } from "./sampling";
import { isDurable, type K8sMonitoringValuesArgs } from "./values-args";
import { hours, inHours } from "../../settings/units";
import type { ChartValues } from "./values.gen";

/** A tenant is no secret: written into the configuration, it needs neither a Secret nor the right to read Secrets. */
const EMBEDDED = { embed: true };

/** What a store asks of every request; of one that asks for nothing, nothing. */
function asTenant({ tenancy }: { readonly tenancy: Tenancy }) {
    const headers = tenancy.headers(tenancy.tenant);
    return Object.keys(headers).length === 0 ? {} : { extraHeaders: headers };
}

/** Where telemetry goes. Each feature names its own, since a misspelt name would be passed over in silence. */
export function destinations(args: K8sMonitoringValuesArgs): NonNullable<ChartValues["destinations"]> {
    const { settings, logStore, traceStore, metricsStore } = args;
    const durable = isDurable(args.platform);
    const { podLogs, nodeLogs, clusterEvents, annotationDiscovery } = settings.features;
    const queue = { retryOnFailure: RETRIES, sendingQueue: sendingQueue(args) };
    const pushedLogs = otlpLogs(logStore);
    return {
        ...((podLogs || nodeLogs) && { [DESTINATIONS.fileLogs]: fileLogs(logStore) }),
        ...(clusterEvents && { [DESTINATIONS.events]: events(logStore, durable) }),
        [DESTINATIONS.pushedLogs]: {
            ...pushedLogs,
            processors: { ...pushedLogs.processors, batch: BEFORE_QUEUE.last },
            ...queue,
        },
        [DESTINATIONS.traces]: {
            type: "otlp",
            ...otlpTraces(traceStore),
            ...asTenant(traceStore),
            metrics: { enabled: false },
            logs: { enabled: false },
            processors: {
                batch: BEFORE_QUEUE.last,
                ...(settings.tailSampling.enabled && { tailSampling: tailSampling(args) }),
            },
            ...queue,
        },
        [DESTINATIONS.pushedMetrics]: otlpMetrics(args),
        ...(annotationDiscovery && {
            [DESTINATIONS.metrics]: {
                type: "prometheus",
                url: metricsStore.push.url,
                ...asTenant(metricsStore),
                sendNativeHistograms: metricsStore.nativeHistograms,
                ...(metricsStore.offline !== undefined && { writeAheadLog: keptUnsent(metricsStore.offline) }),
            },
        }),
    };
}

/** As of Prometheus, whose log it is: each cut leaves the newer third, and half of the time between two cuts. */
function keptUnsent(offline: string) {
    const between = 2 * hours(offline);
    return { truncateFrequency: inHours(between), maxKeepaliveTime: inHours(1.5 * between) };
}

/** By gRPC, which the trace store's parts share out, where it is spoken. */
function otlpTraces({ push }: K8sMonitoringValuesArgs["traceStore"]) {
    return push.otlpGrpc === undefined
        ? { protocol: "http" as const, url: push.otlpHttp }
        : { protocol: "grpc" as const, url: push.otlpGrpc, tls: { insecure: true } };
}

/**
 * By OTLP, as they came. As remote write they would be accepted into a write-ahead log of which a restart sends nothing:
 * Alloy begins at the time of its start.
 */
function otlpMetrics(args: K8sMonitoringValuesArgs) {
    const { metricsStore } = args;
    return {
        type: "otlp" as const,
        protocol: "http" as const,
        url: metricsStore.push.otlpUrl,
        ...asTenant(metricsStore),
        logs: { enabled: false },
        traces: { enabled: false },
        retryOnFailure: RETRIES,
        // One after the other: a sample that is overtaken by a newer one of its series may come too late to be taken.
        sendingQueue: { ...sendingQueue(args), numConsumers: 1 },
        processors: { batch: BEFORE_QUEUE.last, transform: { metrics: { datapointToResource: AS_LABELS } } },
    };
}

type LogStorePush = K8sMonitoringValuesArgs["logStore"];

/** Loki's push API. */
function loki(url: string, { tenancy }: LogStorePush) {
    return {
        type: "loki" as const,
        url,
        tenantId: tenancy.tenant,
        secret: EMBEDDED,
        // 0 is for ever: the default of 10 drops a batch after some eight minutes.
        maxBackoffRetries: 0,
        maxBackoffPeriod: "30s",
    };
}

function otlpLogs({ push, tenancy }: LogStorePush) {
    return {
        type: "otlp" as const,
        protocol: "http" as const,
        url: push.otlpUrl,
        ...asTenant({ tenancy }),
        metrics: { enabled: false },
        traces: { enabled: false },
        // A hint for the other way into Loki; here it would end up as metadata on every line.
        processors: { resourceAttributes: { removeList: ["loki.resource.labels"] } },
    };
}

/**
 * Lines that are read here, by OTLP where the store has no such API as Loki's: retried for ever, and whoever reads waits for
 * the answer. The id of a trace, which the readers put beside the line, goes where OTLP has it.
 */
function otlpLines(logStore: LogStorePush) {
    const pushed = otlpLogs(logStore);
    return {
        ...pushed,
        processors: { ...pushed.processors, batch: BEFORE_ANSWER, transform: { logs: { log: TRACE_ID } } },
        retryOnFailure: RETRIES,
        sendingQueue: ANSWERED,
    };
}

const TRACE_ID = [
    'set(trace_id.string, attributes["trace_id"]) where attributes["trace_id"] != nil',
    'delete_key(attributes, "trace_id")',
];

/**
 * The files on the node are the buffer: while the store is away, reading stops. Lines that it refuses for a limit are
 * dropped and counted, not tried again: all pods of the node and its journal come this way, and would wait for the one
 * that writes too much.
 */
function fileLogs(logStore: LogStorePush) {
    const { lokiUrl } = logStore.push;
    if (lokiUrl === undefined) return otlpLines(logStore);
    return { ...loki(lokiUrl, logStore), retryOnHttp429: false };
}

/** The API server has an event for an hour: beyond it lines are on disk while the process lives, where the chart can: to Loki. */
function events(logStore: LogStorePush, durable: boolean) {
    const { lokiUrl } = logStore.push;
    if (lokiUrl === undefined) return otlpLines(logStore);
    return { ...loki(lokiUrl, logStore), ...(durable && { writeAheadLog: { enabled: true, maxSegmentAge: "24h" } }) };
}
