import type { Tenancy } from "../../contracts/tenancy";
import { goDuration } from "../../settings/units";
import { sampler } from "./collectors";
import { DESTINATIONS } from "./names";
import { isDurable, type K8sMonitoringValuesArgs } from "./values-args";
import type { ChartValues } from "./values.gen";

/** A tenant is no secret: written into the configuration, it needs neither a Secret nor the right to read Secrets. */
const EMBEDDED = { embed: true };

/** What a store asks of every request; of one that asks for nothing, nothing. */
function asTenant({ tenancy }: { readonly tenancy: Tenancy }) {
    const headers = tenancy.headers(tenancy.tenant);
    return Object.keys(headers).length === 0 ? {} : { extraHeaders: headers };
}

/** Name of the component that keeps the exporters' queues on the receiver's volume. */
export const QUEUE_STORAGE = "otelcol.storage.file.queue.handler";

/** Where telemetry goes. Each feature names its own, since a misspelt name would be passed over in silence. */
export function destinations(args: K8sMonitoringValuesArgs): NonNullable<ChartValues["destinations"]> {
    const { settings, logStore, traceStore, metricsStore } = args;
    const durable = isDurable(args.platform);
    const { podLogs, nodeLogs, clusterEvents } = settings.features;
    const queue = {
        retryOnFailure: { maxElapsedTime: "0s" },
        ...(durable && { sendingQueue: { queueSize: 10000, storage: QUEUE_STORAGE } }),
    };
    return {
        ...((podLogs || nodeLogs) && { [DESTINATIONS.fileLogs]: fileLogs(logStore) }),
        ...(clusterEvents && { [DESTINATIONS.events]: events(logStore, durable) }),
        [DESTINATIONS.pushedLogs]: { ...otlpLogs(logStore), ...queue },
        [DESTINATIONS.traces]: {
            type: "otlp",
            protocol: "grpc",
            url: traceStore.push.otlpGrpc,
            ...asTenant(traceStore),
            tls: { insecure: true },
            metrics: { enabled: false },
            logs: { enabled: false },
            ...(settings.tailSampling.enabled && { processors: { tailSampling: tailSampling(args) } }),
            ...queue,
        },
        [DESTINATIONS.metrics]: {
            type: "prometheus",
            url: metricsStore.push.url,
            ...asTenant(metricsStore),
            // What is pushed as an exponential histogram is one: switched off, Alloy drops it and says nothing.
            sendNativeHistograms: metricsStore.nativeHistograms,
        },
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

/** By OTLP where the store has no such API as Loki's: retried for ever, and unqueued, so that the sender waits. */
const UNQUEUED = { retryOnFailure: { maxElapsedTime: "0s" }, sendingQueue: { enabled: false } };

/** The files on the node are the buffer: while the store is away, reading stops. */
function fileLogs(logStore: LogStorePush) {
    const { lokiUrl } = logStore.push;
    return lokiUrl === undefined ? { ...otlpLogs(logStore), ...UNQUEUED } : loki(lokiUrl, logStore);
}

/** Nothing stands behind an event, so its line is written to disk before it is sent, where the chart can: to Loki. */
function events(logStore: LogStorePush, durable: boolean) {
    const { lokiUrl } = logStore.push;
    if (lokiUrl === undefined) return { ...otlpLogs(logStore), ...UNQUEUED };
    return { ...loki(lokiUrl, logStore), ...(durable && { writeAheadLog: { enabled: true, maxSegmentAge: "24h" } }) };
}

/** A trace is kept if one of the policies says so. */
function tailSampling(args: K8sMonitoringValuesArgs): Record<string, unknown> {
    const { decisionWait, slowerThanMs, percentage, tracesInMemory } = args.settings.tailSampling;
    return {
        enabled: true,
        // Read by Go, whose clock knows no days.
        decisionWait: goDuration(decisionWait),
        numTraces: tracesInMemory,
        policies: [
            { name: "errors", type: "status_code", status_codes: ["ERROR"] },
            { name: "slow", type: "latency", threshold_ms: slowerThanMs },
            { name: "rest", type: "probabilistic", sampling_percentage: percentage },
        ],
        collector: sampler(args),
    };
}
