import type { K8sMonitoring } from "../collectors/k8s-monitoring/k8s-monitoring";
import type { ErrorStore } from "../contracts/error-store";
import type { AddOns } from "./add-ons";
import { keptStores, type Stores } from "./stores";

/** What of the collectors is told: their doors. */
type Doors = Pick<K8sMonitoring, "otlpGrpc" | "otlpHttp" | "jaeger" | "jaegerGrpc" | "zipkin">;

/** Where applications and other collectors push to, by what they speak; what a stack has not is left out. */
export function pushAddresses(
    { metricsStore, logStore }: Stores,
    collectors: Doors,
    { ingestGateway, pushgateway }: AddOns,
    errorStore: ErrorStore | undefined,
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
        ...(errorStore && errorAddresses(errorStore)),
    };
}

/** Where people open it, and for each project the command that prints its DSN: a DSN has a key in it. */
function errorAddresses({ url, dsns }: ErrorStore): Record<string, string> {
    const commands = Object.entries(dsns).map(([project, { namespace, secret, key }]) => [
        `errors.${project}`,
        `kubectl get secret ${secret} --namespace ${namespace} --output jsonpath='{.data.${key}}' | base64 -d`,
    ]);
    return { errors: url, ...(Object.fromEntries(commands) as Record<string, string>) };
}

/** Where to query the stores, from inside the cluster. */
export function queryAddresses(stores: Stores): Record<string, string> {
    const { metricsStore, logStore, traceStore } = keptStores(stores);
    return {
        ...(metricsStore && { metrics: metricsStore.read.url }),
        ...(logStore && { logs: logStore.read.url }),
        ...(logStore?.screens !== undefined && { logsScreens: logStore.screens }),
        ...(traceStore && { traces: traceStore.read.url }),
    };
}
