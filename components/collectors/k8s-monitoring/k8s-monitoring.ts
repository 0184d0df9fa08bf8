import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartRelease } from "../../kubernetes/chart-release";
import type { LogSink } from "../../contracts/log-store";
import type { MetricsSink } from "../../contracts/metrics-store";
import type { Ready } from "../../contracts/ready";
import type { NamespaceTenant } from "../../contracts/tenancy";
import type { TraceSink } from "../../contracts/trace-store";
import { applications } from "../../kubernetes/access-labels";
import { networkPolicies } from "../../kubernetes/network-policies";
import type { PlatformSettings } from "../../settings/platform";
import { k8sMonitoringChart } from "./chart";
import { collectorNetwork } from "./network-policies";
import { METRICS_PORTS, NAMESPACE, NODE_AGENT_PRIORITY, RECEIVER_PORTS, RECEIVER_SERVICE, RELEASE } from "./names";
import { k8sMonitoringSlice, type K8sMonitoringSettings } from "./settings";
import { buildK8sMonitoringValues } from "./values";
import { completed, type Given } from "../../settings/complete";
import { NEEDED } from "../../settings/needed";

export interface K8sMonitoringArgs {
    readonly platform: PlatformSettings;
    readonly settings: K8sMonitoringSettings;
    /** The namespace `collectors`, which other node agents share. Privileged: log files are host paths. */
    readonly namespace: k8s.core.v1.Namespace;
    /** Namespaces whose pods Prometheus scrapes by the charts' own monitors. */
    readonly scrapedByPrometheus: readonly string[];
    /** Tenants that have namespaces of their own in this cluster. */
    readonly namespaceTenants: readonly NamespaceTenant[];
    readonly logStore: LogSink;
    readonly traceStore: TraceSink;
    readonly metricsStore: MetricsSink;
    /** The definition of ServiceMonitor: the operator gets the right to make some only if it is there at install. */
    readonly monitoringCrds: pulumi.Resource[];
}

const HOST = `${RECEIVER_SERVICE}.${NAMESPACE}.svc.cluster.local`;

/** The collectors: logs, events and annotated metrics of the cluster, and what applications push. */
export class K8sMonitoring extends pulumi.ComponentResource implements Ready {
    /** `host:port`, for OTLP over gRPC. */
    readonly otlpGrpc = `${HOST}:${RECEIVER_PORTS.otlpGrpc}`;
    /** Base URL for OTLP over HTTP, to which `/v1/traces` and so on are appended. */
    readonly otlpHttp = `http://${HOST}:${RECEIVER_PORTS.otlpHttp}`;
    /** `host:port`, for Jaeger over gRPC. */
    readonly jaegerGrpc = `${HOST}:${RECEIVER_PORTS.jaegerGrpc}`;
    /** URL for Jaeger's Thrift over HTTP. Compact Thrift is at port 6831/UDP of the same host. */
    readonly jaeger = `http://${HOST}:${RECEIVER_PORTS.jaegerHttp}/api/traces`;
    /** URL for Zipkin's spans. */
    readonly zipkin = `http://${HOST}:${RECEIVER_PORTS.zipkin}/api/v2/spans`;
    /** Answers 200 while a receiver serves. */
    readonly healthUrl = `http://${HOST}:${METRICS_PORTS.collector}/-/ready`;
    readonly ready: pulumi.Resource[];

    constructor(
        name: string,
        given: Given<K8sMonitoringArgs, "monitoringCrds" | "namespaceTenants">,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        const args = completed<K8sMonitoringArgs, "monitoringCrds" | "namespaceTenants">(
            "k8sMonitoring",
            k8sMonitoringSlice,
            given,
            { monitoringCrds: [], namespaceTenants: [] },
            {
                namespace: NEEDED.collectors,
                scrapedByPrometheus: "a list of the namespaces whose pods Prometheus scrapes already, [] for none",
                logStore: NEEDED.logStore,
                traceStore: NEEDED.traceStore,
                metricsStore: NEEDED.metricsStore,
            },
        );
        super("observability:k8s-monitoring:K8sMonitoring", name, {}, opts);
        const { platform, settings, logStore, traceStore, metricsStore } = args;

        const priority = new k8s.scheduling.v1.PriorityClass(
            NODE_AGENT_PRIORITY,
            {
                metadata: { name: NODE_AGENT_PRIORITY },
                // Above any workload that set nothing, far below the system's own classes (2 billion).
                value: 1_000_000,
                description: "Agents that every node needs: without room for one, a node's logs are lost.",
            },
            { parent: this },
        );
        const policies = networkPolicies(
            collectorNetwork({
                cluster: platform,
                applications: applications(platform),
                logStore,
                traceStore,
                metricsStore,
                destinations: settings.destinations,
            }),
            { parent: this, dependsOn: [args.namespace] },
        );
        const release = chartRelease(
            RELEASE,
            {
                release: RELEASE,
                namespace: NAMESPACE,
                pin: k8sMonitoringChart,
                values: buildK8sMonitoringValues(args),
                userValues: settings.values,
                chartMirror: platform.chartMirror,
                // Deleting goes through the collectors one by one, each as long as its slowest node.
                timeout: 1200,
                protectData: platform.protectData,
            },
            {
                parent: this,
                // The stores are not waited for: each collector retries for ever, from files or from a queue on its volume.
                dependsOn: [args.namespace, priority, ...policies, ...args.monitoringCrds],
            },
        );
        this.ready = [release];
        const { otlpGrpc, otlpHttp, jaeger, jaegerGrpc, zipkin, healthUrl } = this;
        this.registerOutputs({ otlpGrpc, otlpHttp, jaeger, jaegerGrpc, zipkin, healthUrl });
    }
}
