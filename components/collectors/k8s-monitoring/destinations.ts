import { sampler } from "./collectors";
import { DESTINATIONS } from "./names";
import { isDurable, type K8sMonitoringValuesArgs } from "./values-args";
import type { ChartValues } from "./values.gen";

/** A tenant id is no secret: written into the configuration, it needs neither a Secret nor the right to read Secrets. */
const EMBEDDED = { embed: true };

/** Name of the component that keeps the exporters' queues on the receiver's volume. */
export const QUEUE_STORAGE = "otelcol.storage.file.queue.handler";

/** Where telemetry goes. Each feature names its own, since a misspelt name would be passed over in silence. */
export function destinations(args: K8sMonitoringValuesArgs): NonNullable<ChartValues["destinations"]> {
    const { settings, logStore, traceStore, metricsStore } = args;
    const durable = isDurable(args.platform);
    const { podLogs, nodeLogs, clusterEvents } = settings.features;
    const loki = {
        type: "loki",
        url: logStore.pushUrl,
        tenantId: logStore.tenant,
        secret: EMBEDDED,
        // 0 is for ever: the default of 10 drops a batch after some eight minutes.
        maxBackoffRetries: 0,
        maxBackoffPeriod: "30s",
    };
    const queue = {
        retryOnFailure: { maxElapsedTime: "0s" },
        ...(durable && { sendingQueue: { queueSize: 10000, storage: QUEUE_STORAGE } }),
    };
    return {
        // The files on the node are the buffer: while Loki is away, reading stops.
        ...((podLogs || nodeLogs) && { [DESTINATIONS.fileLogs]: loki }),
        // Nothing stands behind an event, so its line is written to disk before it is sent.
        ...(clusterEvents && {
            [DESTINATIONS.events]: {
                ...loki,
                ...(durable && { writeAheadLog: { enabled: true, maxSegmentAge: "24h" } }),
            },
        }),
        [DESTINATIONS.pushedLogs]: {
            type: "otlp",
            protocol: "http",
            url: logStore.otlpUrl,
            tenantId: logStore.tenant,
            secret: EMBEDDED,
            metrics: { enabled: false },
            traces: { enabled: false },
            // A hint for the other way into Loki; here it would end up as metadata on every line.
            processors: { resourceAttributes: { removeList: ["loki.resource.labels"] } },
            ...queue,
        },
        [DESTINATIONS.traces]: {
            type: "otlp",
            protocol: "grpc",
            url: traceStore.otlpGrpc,
            tenantId: traceStore.tenant,
            secret: EMBEDDED,
            tls: { insecure: true },
            metrics: { enabled: false },
            logs: { enabled: false },
            ...(settings.tailSampling.enabled && { processors: { tailSampling: tailSampling(args) } }),
            ...queue,
        },
        [DESTINATIONS.metrics]: {
            type: "prometheus",
            url: metricsStore.pushUrl,
            tenantId: metricsStore.tenant,
            secret: EMBEDDED,
        },
    };
}

/** A trace is kept if one of the policies says so. */
function tailSampling(args: K8sMonitoringValuesArgs): Record<string, unknown> {
    const { decisionWait, slowerThanMs, percentage, tracesInMemory } = args.settings.tailSampling;
    return {
        enabled: true,
        decisionWait,
        numTraces: tracesInMemory,
        policies: [
            { name: "errors", type: "status_code", status_codes: ["ERROR"] },
            { name: "slow", type: "latency", threshold_ms: slowerThanMs },
            { name: "rest", type: "probabilistic", sampling_percentage: percentage },
        ],
        collector: sampler(args),
    };
}
