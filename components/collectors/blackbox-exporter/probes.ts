import type { LogStore } from "../../contracts/log-store";
import type { MetricsStore } from "../../contracts/metrics-store";
import type { ObjectStore } from "../../contracts/object-store";
import type { TraceStore } from "../../contracts/trace-store";
import { STORE_QUERY } from "./modules";
import { JOB, NAMESPACE, PROBER } from "./names";
import type { ProbeTarget } from "./settings";

/** What the platform's own probes follow from. */
export interface PlatformAddresses {
    readonly objectStore?: Pick<ObjectStore, "healthUrl"> | undefined;
    /** What the cluster keeps. */
    readonly metricsStore?: Pick<MetricsStore, "read" | "tenancy"> | undefined;
    readonly logStore?: Pick<LogStore, "read" | "tenancy"> | undefined;
    readonly traceStore?: Pick<TraceStore, "read" | "tenancy"> | undefined;
    /** Base URLs that answer below them, by name. */
    readonly services: Readonly<Record<string, string>>;
}

/** Probes of the platform's own addresses. The stores are asked by their gateways, with the tenant. */
export function platformProbes(addresses: PlatformAddresses): ProbeTarget[] {
    const { objectStore, metricsStore, logStore, traceStore, services } = addresses;
    const stores = { "metrics-store": metricsStore, "log-store": logStore, "trace-store": traceStore };
    return [
        ...(objectStore?.healthUrl === undefined
            ? []
            : [{ name: "object-store", url: objectStore.healthUrl, module: "http_2xx" }]),
        ...Object.entries(stores).flatMap(([name, store]) =>
            store === undefined ? [] : [{ name, url: store.read.healthUrl, module: STORE_QUERY }],
        ),
        ...Object.entries(services).map(([name, url]) => ({ name, url, module: "http_2xx" })),
    ];
}

/**
 * A Probe object: Prometheus asks the exporter, which asks the target. `probe_success` is 1 where that went well.
 * https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Probe
 */
export function probeObject({ name, url, module }: ProbeTarget, interval: string) {
    return {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "Probe",
        metadata: { name, namespace: NAMESPACE, labels: { "app.kubernetes.io/part-of": "observability-platform" } },
        spec: {
            jobName: JOB,
            interval,
            scrapeTimeout: "10s",
            prober: { url: PROBER },
            module,
            targets: { staticConfig: { static: [url], labels: { probe: name } } },
        },
    };
}
