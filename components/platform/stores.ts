import type * as pulumi from "@pulumi/pulumi";
import type { LogSink, LogStore } from "../contracts/log-store";
import type { MetricsSink, MetricsStore } from "../contracts/metrics-store";
import type { TraceSink, TraceStore } from "../contracts/trace-store";
import { EgressGateway } from "../egress-gateway/egress-gateway";
import { NAMESPACE as INGEST_GATEWAY } from "../ingest-gateway/names";
import { COLLECTORS, MONITORING } from "../kubernetes/namespaces";
import { makeLogStore } from "../logs";
import { makeMetricsStore, makeSecondMetricsStore } from "../metrics";
import { alertReceiver, sidecars } from "../monitoring/kube-prometheus-stack/names";
import { makeTraceStore } from "../traces";
import type { Foundation } from "./foundation";
import { kindOf, sendersOf } from "./roles";
import type { Settings } from "./settings";
import { tenantsOf } from "./tenants";

/** What takes the three signals: stores, or the way to a hub that keeps them. */
export interface Stores {
    readonly metricsStore: MetricsSink;
    readonly logStore: LogSink;
    readonly traceStore: TraceSink;
}

/** The stores, and a second one of metrics that only Prometheus writes to, where a stack is to move to it or from it. */
export interface AllStores extends Stores {
    readonly secondMetricsStore: MetricsStore | undefined;
}

/** Of these, what keeps its signal in this cluster, and answers. */
export interface KeptStores {
    readonly metricsStore?: MetricsStore;
    readonly logStore?: LogStore;
    readonly traceStore?: TraceStore;
}

/** Which of them can be asked: no hub can from here. */
export function keptStores({ metricsStore, logStore, traceStore }: Stores): KeptStores {
    const stores = { metricsStore, logStore, traceStore };
    return Object.fromEntries(Object.entries(stores).filter(([, store]) => "read" in store));
}

/** The stores side by side. That of metrics comes first, since the others send it what they make of lines and spans. */
export function makeStores(
    settings: Settings,
    { objectStore, crds }: Foundation,
    child: pulumi.ComponentResourceOptions,
): AllStores {
    const { platform, tenants } = settings;
    const gateway = settings.ingestGateway.enabled ? [INGEST_GATEWAY] : [];
    const namespacesOf = (role: "logs" | "traces") => kindOf(role, settings).namespaces.slice(0, 1);
    const pushers = [MONITORING, COLLECTORS, ...namespacesOf("logs"), ...namespacesOf("traces"), ...gateway];
    const hub =
        sendersOf(settings).length === 0
            ? undefined
            : new EgressGateway("egress-gateway", { platform, settings: settings.hub, pushFrom: pushers }, child);
    const common = { platform, objectStore, hub, monitoringCrds: crds.ready };

    const toMetrics = {
        ...common,
        alertReceiver,
        sidecars,
        queryFrom: [MONITORING],
        scrapeInterval: settings.kubePrometheusStack.prometheus.scrapeInterval,
    };
    const metricsStore = makeMetricsStore(
        {
            ...toMetrics,
            settings: settings.metrics,
            tenants: tenantsOf(tenants, "metrics"),
            pushFrom: pushers,
        },
        child,
    );
    const secondMetricsStore = makeSecondMetricsStore(
        {
            ...toMetrics,
            settings: settings.secondMetrics,
            // Limits are told in the words of the first: here every tenant has the store's own.
            tenants: Object.fromEntries(Object.keys(tenants).map((name) => [name, {}])),
            pushFrom: [MONITORING],
        },
        child,
    );
    const toStore = { pushFrom: [COLLECTORS, ...gateway], queryFrom: [MONITORING], metricsStore };
    const logStore = makeLogStore(
        {
            ...common,
            ...toStore,
            settings: settings.logs,
            tenants: tenantsOf(tenants, "logs"),
            alertReceiver,
            rulesFrom: COLLECTORS,
        },
        child,
    );
    const traceStore = makeTraceStore(
        { ...common, ...toStore, settings: settings.traces, tenants: tenantsOf(tenants, "traces") },
        child,
    );
    return { metricsStore, secondMetricsStore, logStore, traceStore };
}

/** Namespaces of the stores' rulers that send alerts. */
export function alertingNamespaces(stores: AllStores): string[] {
    const { logStore, secondMetricsStore } = stores;
    const { metricsStore } = keptStores(stores);
    const rulers = [
        ...[metricsStore, secondMetricsStore].flatMap((store) => [
            store?.rulerApi ? store.read.endpoint.namespace : undefined,
            store?.alertsFrom,
        ]),
        logStore.ruler?.endpoint.namespace,
    ];
    return rulers.filter((namespace) => namespace !== undefined);
}
