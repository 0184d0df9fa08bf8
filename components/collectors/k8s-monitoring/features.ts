import { PUSH } from "../../contracts/push-sizes";
import { furtherFor, furtherForEvents } from "./further-destinations";
import { logStages, NOT_YET_BESIDE } from "./log-stages";
import { COLLECTOR_NAMES, DESTINATIONS } from "./names";
import { alloySize, BEFORE_QUEUE } from "./queue";
import { NO_CHANGE, ownLabelsFirst, provenPods, pushedTo, scrapedTo, tenantStages } from "./tenant-routes";
import { isDurable, type K8sMonitoringValuesArgs } from "./values-args";
import type { ChartValues } from "./values.gen";

type Features = Pick<
    ChartValues,
    "podLogsViaLoki" | "nodeLogs" | "clusterEvents" | "applicationObservability" | "annotationAutodiscovery"
>;

/**
 * What is gathered, by which collector, for which destination. Metrics of the cluster, of hosts and of anything that
 * has a ServiceMonitor or PodMonitor are Prometheus' work: the chart's features for them stay off.
 */
export function features(args: K8sMonitoringValuesArgs): Features {
    const { settings, platform } = args;
    const { podLogs, nodeLogs, clusterEvents, annotationDiscovery } = settings.features;
    return {
        podLogsViaLoki: {
            enabled: podLogs,
            collector: COLLECTOR_NAMES.logs,
            destinations: [DESTINATIONS.fileLogs, ...furtherFor(args, "logs")],
            // From a file's first line. Positions are kept on the host, so a restart repeats nothing.
            onlyGatherNewLogLines: false,
            structuredMetadata: NOT_YET_BESIDE,
            extraLogProcessingStages: `${logStages(settings)}${tenantStages(args)}`,
        },
        nodeLogs: {
            enabled: nodeLogs,
            collector: COLLECTOR_NAMES.logs,
            destinations: [DESTINATIONS.fileLogs, ...furtherFor(args, "logs")],
            // Both folders in which a node may keep it. A named one that a node has not makes the component unhealthy there.
            journal: { path: "" },
        },
        clusterEvents: {
            enabled: clusterEvents,
            collector: COLLECTOR_NAMES.events,
            destinations: [DESTINATIONS.events, ...furtherForEvents(args)],
            // One of the replicas watches; another takes over.
            clustering: isDurable(platform),
        },
        annotationAutodiscovery: {
            enabled: annotationDiscovery,
            collector: COLLECTOR_NAMES.metrics,
            destinations: [scrapedTo(args), ...furtherFor(args, "metrics")],
            ...(ownLabelsFirst(args).length > 0 && { extraMetricProcessingRules: NO_CHANGE }),
            excludeNamespaces: [...args.scrapedByPrometheus],
            // Otherwise whoever annotates a pod is handed the collector's token.
            bearerToken: { enabled: false },
        },
        applicationObservability: applications(args),
    };
}

/**
 * The exporter behind drops them without a word, and this filter counts them. Made cumulative they would be wrong: each of
 * several receivers sees a part of a sender's deltas, and each would write its own sum into the same series.
 */
const OF_DELTA_TEMPORALITY = "aggregation_temporality == AGGREGATION_TEMPORALITY_DELTA";

function applications(args: K8sMonitoringValuesArgs): ChartValues["applicationObservability"] {
    const { platform } = args;
    return {
        enabled: true,
        collector: COLLECTOR_NAMES.receiver,
        destinations: [...pushedTo(args), ...furtherFor(args, "traces", "logs", "metrics")],
        receivers: {
            otlp: {
                grpc: {
                    enabled: true,
                    maxReceivedMessageSize: alloySize(PUSH),
                    // A gRPC client stays with the pod it first met; asked to come again, it meets another.
                    keepalive: { serverParameters: { maxConnectionAge: "5m", maxConnectionAgeGrace: "30s" } },
                },
                http: { enabled: true, maxRequestBodySize: alloySize(PUSH) },
            },
            jaeger: {
                grpc: { enabled: true },
                thriftHttp: { enabled: true },
                thriftCompact: { enabled: true },
            },
            zipkin: { enabled: true },
        },
        processors: {
            // Refuses before the kernel kills; clients then retry with another receiver.
            memoryLimiter: { enabled: true, limit: platform.survives === "nothing" ? "250MiB" : "1500MiB" },
            batch: BEFORE_QUEUE.first,
            // It would write the receiver's own host name on everything that passes.
            resourceDetection: { override: false, system: { enabled: false } },
            ...provenPods(args),
        },
        metrics: { filters: { metric: [OF_DELTA_TEMPORALITY] } },
        // Series of its own, for a hosted product.
        connectors: { grafanaCloudMetrics: { enabled: false } },
    };
}
