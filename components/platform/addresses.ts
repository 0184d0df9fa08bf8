import type { K8sMonitoring } from "../collectors/k8s-monitoring/k8s-monitoring";
import type { AddOns } from "./add-ons";
import { keptStores, type Stores } from "./stores";

/** Where applications and other collectors push to, by what they speak; what a stack has not is left out. */
export function pushAddresses(
    { metricsStore, logStore }: Stores,
    collectors: K8sMonitoring,
    { ingestGateway, pushgateway }: AddOns,
): Record<string, string> {
    const { otlpGrpc, otlpHttp, jaeger, jaegerGrpc, zipkin } = collectors;
    const { lokiUrl, otlpUrl } = logStore.push;
    return {
        ...{ otlpGrpc, otlpHttp, jaeger, jaegerGrpc, zipkin },
        ...(lokiUrl !== undefined && { logs: lokiUrl }),
        logsOtlp: otlpUrl,
        metrics: metricsStore.push.url,
        ...(pushgateway && { pushgateway: pushgateway.pushUrl }),
        ...(ingestGateway && {
            metricsFromOutside: ingestGateway.urls.metrics,
            ...(ingestGateway.urls.logs !== undefined && { logsFromOutside: ingestGateway.urls.logs }),
            otlpHttpFromOutside: ingestGateway.urls.otlp,
        }),
    };
}

/** Where to query the stores, from inside the cluster. */
export function queryAddresses(stores: Stores): Record<string, string> {
    const { metricsStore, logStore, traceStore } = keptStores(stores);
    return {
        ...(metricsStore && { metrics: metricsStore.read.url }),
        ...(logStore && { logs: logStore.read.url }),
        ...(traceStore && { traces: traceStore.read.url }),
    };
}
