import type * as pulumi from "@pulumi/pulumi";
import type { LogStore } from "../contracts/log-store";
import type { MetricsStore } from "../contracts/metrics-store";
import type { TraceStore } from "../contracts/trace-store";
import { NAMESPACE as INGEST_GATEWAY } from "../ingest-gateway/names";
import { COLLECTORS, MONITORING } from "../kubernetes/namespaces";
import { makeLogStore } from "../logs";
import { makeMetricsStore } from "../metrics";
import { alertReceiver } from "../monitoring/kube-prometheus-stack/names";
import { makeTraceStore } from "../traces";
import type { Foundation } from "./foundation";
import { kindOf } from "./roles";
import type { Settings } from "./settings";
import { tenantsOf } from "./tenants";

/** The three stores. */
export interface Stores {
    readonly metricsStore: MetricsStore;
    readonly logStore: LogStore;
    readonly traceStore: TraceStore;
}

/** The stores side by side. That of metrics comes first, since the others send it what they make of lines and spans. */
export function makeStores(
    settings: Settings,
    { objectStore, crds }: Foundation,
    child: pulumi.ComponentResourceOptions,
): Stores {
    const { platform, tenants } = settings;
    const common = { platform, objectStore, monitoringCrds: crds.ready };
    const gateway = settings.ingestGateway.enabled ? [INGEST_GATEWAY] : [];
    const namespacesOf = (role: "logs" | "traces") => kindOf(role, settings).namespaces.slice(0, 1);

    const metricsStore = makeMetricsStore(
        {
            ...common,
            settings: settings.metrics,
            tenants: tenantsOf(tenants, "metrics"),
            alertReceiver,
            pushFrom: [MONITORING, COLLECTORS, ...namespacesOf("logs"), ...namespacesOf("traces"), ...gateway],
            queryFrom: [MONITORING],
            scrapeInterval: settings.kubePrometheusStack.prometheus.scrapeInterval,
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
    return { metricsStore, logStore, traceStore };
}

/** Namespaces of the stores' rulers that send alerts. */
export function alertingNamespaces({ metricsStore, logStore }: Stores): string[] {
    const rulers = [
        ...(metricsStore.rulerApi ? [metricsStore.read.endpoint.namespace] : []),
        logStore.ruler?.endpoint.namespace,
    ];
    return rulers.filter((namespace) => namespace !== undefined);
}
